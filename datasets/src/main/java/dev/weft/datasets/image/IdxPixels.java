package dev.weft.datasets.image;

import dev.weft.network.FormatException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The images of an IDX file with three axes, a byte a pixel. */
sealed interface IdxPixels extends Closeable {

    /** The axes of a file of images: image, row, column. */
    int AXES = 3;

    /** Returns the number of images, their height, their width. */
    List<Integer> sizes();

    /** Returns the digest of the file as it is stored. */
    String digest();

    /**
     * Returns one image, which nobody else will write to.
     *
     * @return [height, width] in row-major order
     */
    byte[] image(int index) throws IOException;

    /** Images that are in memory, all of them. */
    record Held(IdxFile file) implements IdxPixels {

        @Override
        public List<Integer> sizes() {
            return file.sizes();
        }

        @Override
        public String digest() {
            return file.digest();
        }

        @Override
        public byte[] image(int index) {
            int pixels = pixels(file.sizes());
            return Arrays.copyOfRange(file.values(), index * pixels, (index + 1) * pixels);
        }

        @Override
        public void close() {}
    }

    /**
     * Images that are read when they are asked for. A gzipped file can only be read forwards: the next image costs its own
     * bytes, an image further on those between, and an image before a new start from the first.
     */
    final class Streamed implements IdxPixels {
        private final Path file;
        private final List<Integer> sizes;
        private final String digest;
        private @Nullable InputStream in; // stands at image number `next`
        private int next;
        private byte[] last = {}; // image number `next - 1`

        private Streamed(Path file, List<Integer> sizes, String digest) {
            this.file = file;
            this.sizes = sizes;
            this.digest = digest;
        }

        /** Checks a file from its first byte to its last. */
        static Streamed open(Path file) throws IOException {
            try (InputStream stored = Files.newInputStream(file)) {
                IdxFile scanned = IdxFile.scan(file.toString(), stored, AXES);
                return new Streamed(file, scanned.sizes(), scanned.digest());
            }
        }

        @Override
        public List<Integer> sizes() {
            return sizes;
        }

        @Override
        public String digest() {
            return digest;
        }

        @Override
        public synchronized byte[] image(int index) throws IOException {
            if (in == null || index < next - 1) {
                close();
                in = IdxFile.values(file.toString(), Files.newInputStream(file), AXES);
            }
            if (index >= next) {
                last = read(in, index);
                next = index + 1;
            }
            return last;
        }

        private byte[] read(InputStream stream, int index) throws IOException {
            int pixels = pixels(sizes);
            try {
                byte[] image = IdxFile.explained(file.toString(), () -> {
                    stream.skipNBytes((long) (index - next) * pixels);
                    return stream.readNBytes(pixels);
                });
                if (image.length < pixels) {
                    throw new FormatException.Corrupt(
                            file.toString(), "the file has changed: it ends inside image " + index);
                }
                return image;
            } catch (IOException e) { // the stream's place is lost
                close();
                throw e;
            }
        }

        @Override
        public synchronized void close() throws IOException {
            InputStream open = in;
            in = null;
            next = 0;
            if (open != null) {
                open.close();
            }
        }
    }

    private static int pixels(List<Integer> sizes) {
        return sizes.get(1) * sizes.get(2);
    }
}
