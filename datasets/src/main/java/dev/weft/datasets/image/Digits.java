package dev.weft.datasets.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * The built-in data: 1,797 handwritten digits of 8 x 8 pixels with 17 levels of grey (Alpaydin and Kaynak 1998, the test
 * part of "Optical Recognition of Handwritten Digits" in the copy that scikit-learn distributes). The writers are not
 * known, so a split cannot be writer-independent.
 */
public final class Digits {

    static final String IMAGES = "digits-images-idx3-ubyte.gz";
    static final String LABELS = "digits-labels-idx1-ubyte.gz";

    /** Pixels count the set points of a 4 x 4 cell, 0 to 16. */
    private static final int WHITE = 16;

    private Digits() {}

    /** Reads the data from the jar. */
    public static ImageSource load() {
        IdxPixels images = new IdxPixels.Held(resource(IMAGES, IdxPixels.AXES));
        IdxFile labels = resource(LABELS, 1);
        DataCard card = new DataCard(
                "Optical Recognition of Handwritten Digits, UCI Machine Learning Repository (test part, 8x8)",
                "1998, as in scikit-learn 1.2.1",
                IdxImages.joint(images, labels),
                "CC-BY-4.0 AND BSD-3-Clause",
                "E. Alpaydin and C. Kaynak; copy distributed with scikit-learn",
                images.sizes().get(0));
        return new IdxImages("digits", images, labels, WHITE, IdxImages.CLASSES_DEFAULT, card);
    }

    private static IdxFile resource(String name, int axes) {
        try (InputStream in = Digits.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks " + name);
            }
            return IdxFile.read(name, in, axes);
        } catch (IOException e) {
            throw new UncheckedIOException("the jar's " + name + " is damaged", e);
        }
    }
}
