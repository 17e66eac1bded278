package dev.weft.datasets.augment;

import dev.weft.network.Architecture;
import dev.weft.network.Layer;
import dev.weft.network.ParameterTensor;
import java.util.List;

/**
 * A similarity of the plane, p -&gt; scale R(angle) p + shift, done to the picture that an implicit network of two
 * coordinates stands for. The picture at point q is the old one at p = R(-angle) (q - shift) / scale, and since that map is
 * affine the first layer can take it in exactly: W' = W R(-angle) / scale, b' = b - W' shift. O(width of the first layer).
 *
 * <p>Coordinates are the network's own: for inputs (x, y) with y downwards a positive angle turns the picture clockwise.
 *
 * @param angle in radians
 * @param scale above 1 enlarges
 * @param shift0 along the first input; 2 is the whole picture
 * @param shift1 along the second input
 */
public record CoordinateMove(double angle, double scale, double shift0, double shift1) {

    /** Moves nothing. */
    public static final CoordinateMove IDENTITY = new CoordinateMove(0, 1, 0, 0);

    public CoordinateMove {
        if (!(scale > 0) || !Double.isFinite(scale)) {
            throw new IllegalArgumentException("expected a positive scale, got " + scale);
        }
        if (!Double.isFinite(angle) || !Double.isFinite(shift0) || !Double.isFinite(shift1)) {
            throw new IllegalArgumentException(
                    "expected finite angle and shift, got " + angle + ", " + shift0 + ", " + shift1);
        }
    }

    /**
     * Refuses networks whose picture cannot be moved.
     *
     * @throws IllegalArgumentException if the first layer is not linear from two inputs with a bias
     */
    static void check(Architecture architecture) {
        Layer first = architecture.nodes().get(0).layer();
        if (!(first instanceof Layer.Linear linear) || linear.in() != 2 || !linear.bias()) {
            throw new IllegalArgumentException(
                    "moving a picture needs a first layer that is linear from 2 inputs with a bias, " + architecture
                            + " begins with " + first);
        }
    }

    /** Returns where a point of the plane goes. */
    public double[] apply(double p0, double p1) {
        double cos = Math.cos(angle);
        double sin = Math.sin(angle);
        return new double[] {scale * (cos * p0 - sin * p1) + shift0, scale * (sin * p0 + cos * p1) + shift1};
    }

    /** Returns the changed copy of a row of P values. */
    public double[] apply(Architecture architecture, double[] row) {
        check(architecture);
        architecture.requireRowLength(row.length);
        List<ParameterTensor> tensors = architecture.parameters();
        int weight = (int) tensors.get(0).offset();
        int bias = (int) tensors.get(1).offset();
        double cos = Math.cos(angle) / scale;
        double sin = Math.sin(angle) / scale;
        double[] moved = row.clone();
        for (int k = 0; k < tensors.get(1).size(); k++) {
            double w0 = row[weight + 2 * k] * cos - row[weight + 2 * k + 1] * sin;
            double w1 = row[weight + 2 * k] * sin + row[weight + 2 * k + 1] * cos;
            moved[weight + 2 * k] = w0;
            moved[weight + 2 * k + 1] = w1;
            moved[bias + k] = row[bias + k] - w0 * shift0 - w1 * shift1;
        }
        return moved;
    }
}
