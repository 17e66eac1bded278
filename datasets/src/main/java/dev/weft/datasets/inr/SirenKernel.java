package dev.weft.datasets.inr;

import java.util.ArrayList;
import java.util.List;

/**
 * The loss of a SIREN and its gradient, written out for one shape of network. Not for several threads: each has its own.
 *
 * <p>The sines' factor w0 is expected in the parameters, not in the neurons: z = W x + b and h = sin z for the row of
 * w0 W and w0 b; see {@link SirenDescent}.
 */
interface SirenKernel {

    /**
     * One linear layer's place in the row: W [out, in] at {@code weights}, b [out] behind it.
     *
     * @param in neurons before it
     * @param out neurons behind it
     * @param weights where W begins
     */
    record Shape(int in, int out, int weights) {

        int biases() {
            return weights + in * out;
        }

        int end() {
            return biases() + out;
        }

        /** Returns the layers of a recipe's networks for images with the given channels. */
        static List<Shape> of(InrRecipe recipe, int channels) {
            List<Shape> shapes = new ArrayList<>();
            int in = 2;
            int offset = 0;
            for (int l = 0; l <= recipe.hidden().size(); l++) {
                int out = l < recipe.hidden().size() ? recipe.hidden().get(l) : channels;
                Shape shape = new Shape(in, out, offset);
                shapes.add(shape);
                offset = shape.end();
                in = out;
            }
            return List.copyOf(shapes);
        }
    }

    /**
     * Returns the mean squared error over some pixels and all channels.
     *
     * @param row parameters [P], those of sine layers times w0
     * @param pixels with the targets of the network's output
     * @param gradient [P], overwritten with the error's gradient for {@code row}
     */
    double loss(float[] row, PixelBatch pixels, float[] gradient);

    /** Returns the mean squared error alone, the same bits as {@link #loss}. */
    double error(float[] row, PixelBatch pixels);
}
