package dev.weft.datasets.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weft.datasets.Digests;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class JoinedImagesTest {

    private static final ImageSource LEARNING = new NumberedImages("set-train", 2, 3, 1, 1, 0, 1);
    private static final ImageSource TESTING = new NumberedImages("set-test", 2, 3, 1, 1, 2);

    @Test
    void imagesForTestingAreBehindTheOthers() throws IOException {
        ImageSource joined = new JoinedImages(LEARNING, TESTING);
        assertEquals(3, joined.size());
        assertEquals("set-train/1", joined.reference(1));
        assertEquals("set-test/0", joined.reference(2));
        assertEquals(2, joined.label(2));
        assertArrayEquals(LEARNING.image(1), joined.image(1));
        assertArrayEquals(TESTING.image(0), joined.image(2));
        assertEquals("false true", joined.isForTesting(1) + " " + joined.isForTesting(2));
        assertThrows(IndexOutOfBoundsException.class, () -> joined.image(3));
    }

    @Test
    void theNameIsWhatBothBeginWith() {
        assertEquals("set", new JoinedImages(LEARNING, TESTING).name());
        ImageSource other = new NumberedImages("other", 2, 3, 1, 1, 2);
        assertEquals("set-train+other", new JoinedImages(LEARNING, other).name());
    }

    @Test
    void theCardTellsOfBoth() {
        DataCard card = new JoinedImages(LEARNING, TESTING).card();
        assertEquals("set-train; for testing set-test", card.source());
        assertEquals("MIT 1 3", card.licence() + " " + card.version() + " " + card.count());
        assertEquals(Digests.joint("sha256:set-train", "sha256:set-test"), card.digest());
    }

    @Test
    void refusesPartsThatDoNotFit() {
        ImageSource wide = new NumberedImages("wide", 2, 4, 1, 1, 0);
        assertEquals(
                "the images for testing do not fit the others: expected images of 2 x 3 x 1, found 2 x 4 x 1",
                assertThrows(IllegalArgumentException.class, () -> new JoinedImages(LEARNING, wide))
                        .getMessage());
    }
}
