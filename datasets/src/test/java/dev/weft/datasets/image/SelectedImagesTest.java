package dev.weft.datasets.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SelectedImagesTest {

    private static final ImageSource SEVEN = new NumberedImages("seven", 2, 2, 1, 1, 0, 0, 0, 1, 1, 2, 0);

    private static List<String> chosen(int count) {
        ImageSource source = SelectedImages.balanced(SEVEN, count);
        return IntStream.range(0, source.size()).mapToObj(source::reference).toList();
    }

    @Test
    void theFirstOfEachClassComeFirstAndClassesThatRunOutAreFilledUp() {
        assertEquals(List.of("seven/0"), chosen(1));
        assertEquals(List.of("seven/0", "seven/3", "seven/5"), chosen(3));
        assertEquals(List.of("seven/0", "seven/1", "seven/3", "seven/4", "seven/5"), chosen(5));
        assertEquals(List.of("seven/0", "seven/1", "seven/2", "seven/3", "seven/4", "seven/5"), chosen(6));
        assertSame(SEVEN, SelectedImages.balanced(SEVEN, 7));
    }

    @Test
    void imagesAndLabelsAreThoseOfTheOriginal() throws IOException {
        ImageSource source = SelectedImages.balanced(SEVEN, 3);
        assertArrayEquals(SEVEN.image(5), source.image(2));
        assertEquals(2, source.label(2));
        assertEquals(
                "seven (3 of 7 images, the first of each class)", source.card().source());
        assertEquals(3, source.card().count());
        assertEquals("seven", source.name());
        assertThrows(IndexOutOfBoundsException.class, () -> source.image(3));
    }

    @Test
    void refusesCountsThatAreNotThere() {
        assertEquals(
                "seven: expected a number of images in [1, 7], got 8",
                assertThrows(IllegalArgumentException.class, () -> SelectedImages.balanced(SEVEN, 8))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> SelectedImages.balanced(SEVEN, 0));
    }
}
