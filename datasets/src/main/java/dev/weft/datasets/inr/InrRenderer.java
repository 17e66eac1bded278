package dev.weft.datasets.inr;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.weft.network.Architecture;
import dev.weft.network.run.Constants;
import dev.weft.network.run.FunctionalNetwork;
import java.util.Arrays;

/** Draws the images that networks stand for, at any resolution, and compares them. */
public final class InrRenderer {

    private final InrRecipe recipe;
    private final FunctionalNetwork network;

    public InrRenderer(InrRecipe recipe, int channels) {
        this.recipe = recipe;
        this.network = new FunctionalNetwork(recipe.architecture(channels));
    }

    public Architecture architecture() {
        return network.architecture();
    }

    /**
     * Draws networks.
     *
     * @param rows [n, P], whose manager owns the result
     * @return [n, height, width, channels]; 0 is black and 1 white, values outside are not cut off
     */
    public NDArray render(NDArray rows, int height, int width) {
        PixelGrid grid = new PixelGrid(height, width, recipe.order());
        NDArray points = rows.getManager()
                .create(grid.coordinates(), new Shape(grid.pixels(), 2))
                .toType(rows.getDataType(), false);
        NDArray values = network.forward(rows, points);
        return values.sub(recipe.range().low())
                .div(Constants.of(rows, recipe.range().span()))
                .reshape(rows.getShape().get(0), height, width, architecture().outputSize());
    }

    /**
     * Compares networks with images.
     *
     * @param rows [n, P]
     * @param images [n, height, width, channels] in [0, 1]
     * @return n peak signal-to-noise ratios in dB
     */
    public double[] psnr(NDArray rows, NDArray images) {
        Shape shape = images.getShape();
        NDArray difference =
                render(rows, (int) shape.get(1), (int) shape.get(2)).sub(images);
        NDArray errors = difference.square().reshape(shape.get(0), -1).mean(new int[] {1});
        return Arrays.stream(errors.toType(DataType.FLOAT64, false).toDoubleArray())
                .map(PixelRange.UNIT::psnr)
                .toArray();
    }
}
