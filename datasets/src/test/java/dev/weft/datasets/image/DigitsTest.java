package dev.weft.datasets.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DigitsTest {

    @Test
    void hasTheNumbersThatAreKnownOfTheData() {
        ImageSource digits = Digits.load();
        assertEquals(1797, digits.size());
        assertEquals(1797, digits.card().count());
        assertEquals("8 x 8 x 1", digits.height() + " x " + digits.width() + " x " + digits.channels());
        int[] counts = new int[10];
        IntStream.range(0, digits.size()).forEach(i -> counts[digits.label(i)]++);
        assertArrayEquals(new int[] {178, 182, 177, 183, 181, 182, 181, 179, 174, 180}, counts);
    }

    @Test
    void pixelsAreSixteenths() throws IOException {
        float[] zero = Digits.load().image(0); // the first rows of the first picture, a zero
        float[] expected = {0, 0, 5, 13, 9, 1, 0, 0, 0, 0, 13, 15, 10, 15, 5, 0};
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i] / 16, zero[i], 0);
        }
        assertEquals(0, Digits.load().label(0));
        assertEquals("digits/0", Digits.load().reference(0));
    }

    @Test
    void indexOutsideIsRefused() {
        assertThrows(IndexOutOfBoundsException.class, () -> Digits.load().image(1797));
    }

    @Test
    void cardNamesOriginLicenceAndDigest() {
        DataCard card = Digits.load().card();
        assertEquals("CC-BY-4.0 AND BSD-3-Clause", card.licence());
        assertEquals(71, card.digest().length());
    }
}
