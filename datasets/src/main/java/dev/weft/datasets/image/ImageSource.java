package dev.weft.datasets.image;

import java.io.IOException;
import java.util.List;

/**
 * Labelled images of one size in a fixed order. Implementations do not change and may be read by several threads. Those that
 * read files decode an image when it is asked for, in ascending order at the speed of the file, and hold none; whoever opens
 * one closes it.
 *
 * <p>To add a source: 1. a class here that checks everything it can when it is made; 2. a {@link DataCard} that names
 * origin, licence and digest; 3. a test with {@code Mutations}, if it reads files.
 */
public interface ImageSource extends AutoCloseable {

    /** Returns a short name, used in run ids: {@code digits}. */
    String name();

    /** Returns the number of images. */
    int size();

    int channels();

    int height();

    int width();

    /**
     * Returns a fresh copy of one image.
     *
     * @param index in [0, size)
     * @return [height, width, channels] in row-major order, values in [0, 1]
     * @throws IOException if it is read late and its file has changed
     */
    float[] image(int index) throws IOException;

    /** Returns the class of one image, an index into {@link #classes()}. */
    int label(int index);

    /** Whether the data set sets an image aside for testing; a source where none is leaves the split to its user. */
    default boolean isForTesting(int index) {
        return false;
    }

    /** Returns where one image comes from, for people: {@code 3/0012.png}. */
    String reference(int index);

    List<String> classes();

    DataCard card();

    /** Closes the files that are open; they are opened again if another image is asked for. */
    @Override
    default void close() throws IOException {}
}
