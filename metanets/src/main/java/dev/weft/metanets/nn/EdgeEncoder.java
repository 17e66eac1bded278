package dev.weft.metanets.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.nn.core.Linear;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import dev.weft.network.Seed;
import dev.weft.network.run.Constants;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Encodes weights as edge states: Gaussian Fourier features, then two affine maps (Kofinas et al. 2024, appendix C).
 *
 * <p>The reference gives a forward edge the channels (w, 0, w) and its mirror (0, w, w). Both are functions of the one
 * scalar w, so each direction has one frequency vector, the sum of two columns of the reference's matrix, and only real
 * edges are encoded. The two maps have nothing between them and are applied as one.
 *
 * <p>Input: one array [b, t, s] a weight block; output: one array [b, t, s, d] for each of {@link GraphLayout#edges()}.
 */
public final class EdgeEncoder extends WeightSpaceBlock {

    /** Edges for each point of the grid from which on states are interpolated. */
    private static final int EDGES_A_POINT = 2;

    private final int frequencies;
    private final int hidden;
    private final GraphLayout layout;
    final @Nullable Parameter frequency;
    final Affine first;
    final Affine second;

    /**
     * @param frequencies number of Fourier frequencies, 0 for none
     * @param scale deviation of the frequencies
     * @param hidden d
     */
    public EdgeEncoder(GraphLayout layout, int frequencies, double scale, int hidden, Seed seed) {
        int channels = layout.reverse() ? 3 : 1;
        this.layout = layout;
        this.frequencies = frequencies;
        this.hidden = hidden;
        this.frequency = frequencies == 0
                ? null
                : constant(
                        "frequency",
                        new Shape(frequencies, channels),
                        SeededInitializer.normal(seed.split("frequency"), scale));
        first = addChildBlock(
                "first", new Affine(frequencies == 0 ? channels : 2 * frequencies, hidden, seed.split("first")));
        second = addChildBlock("second", new Affine(hidden, hidden, seed.split("second")));
    }

    /** Returns the values of an edge in the widest array of {@link #flat}. */
    long widest() {
        return Math.max(hidden, 2L * frequencies);
    }

    /** Encodes standardised weights, one array [b, t, s] a weight block, to [b, t, s, d]. */
    public List<NDArray> forward(ForwardPass pass, List<NDArray> weights) {
        Maps maps = maps(pass);
        List<NDArray> encoded = new ArrayList<>();
        for (GraphLayout.Edges edges : layout.edges()) {
            NDArray value = weights.get(edges.weight().index()).expandDims(-1); // [b, t, s, 1]
            encoded.add(encode(maps, value.mul(maps.vector(edges.reversed()))));
        }
        return encoded;
    }

    /**
     * Encodes a list of edges.
     *
     * @param weights standardised, one array [b, t, s] a weight block
     */
    EncodedEdges flat(ForwardPass pass, EdgeList edges, List<NDArray> weights) {
        Maps maps = maps(pass);
        NDManager manager = weights.get(0).getManager();
        List<float[]> values = weights.stream().map(NDArray::toFloatArray).toList();
        if (frequency == null) {
            NDArray encoded = channels(manager, edges, values)
                    .matMul(NDArrays.stack(maps.vectors()))
                    .add(maps.shift);
            return new EncodedEdges.InGraph(encoded);
        }
        List<float[]> vectors =
                maps.vectors().stream().map(NDArray::toFloatArray).toList();
        int most = edges.size() / (EDGES_A_POINT * vectors.size());
        return InterpolationGrid.under(values, greatest(vectors), most)
                .map(grid -> interpolated(manager, maps, edges, values, vectors, grid))
                .orElseGet(() -> inGraph(manager, maps, edges, values, vectors));
    }

    private EncodedEdges interpolated(
            NDManager manager,
            Maps maps,
            EdgeList edges,
            List<float[]> weights,
            List<float[]> vectors,
            InterpolationGrid grid) {
        NDArray features = manager.create(new Shape((long) vectors.size() * grid.points(), 2L * frequencies));
        new FourierKernel(frequencies).weights(grid.values(), vectors, floats(features));
        return new InterpolatedEdges(edges, weights, grid, maps.apply(features));
    }

    private EncodedEdges inGraph(
            NDManager manager, Maps maps, EdgeList edges, List<float[]> weights, List<float[]> vectors) {
        NDArray features = manager.create(new Shape(edges.size(), 2L * frequencies));
        new FourierKernel(frequencies).edges(edges, weights, vectors, floats(features));
        return new EncodedEdges.InGraph(maps.apply(features));
    }

    private static float greatest(List<float[]> vectors) {
        float greatest = 0;
        for (float[] vector : vectors) {
            for (float value : vector) {
                greatest = Math.max(greatest, Math.abs(value));
            }
        }
        return greatest;
    }

    private static FloatBuffer floats(NDArray array) {
        return array.toByteBuffer(true).asFloatBuffer();
    }

    /** Lists weights in the column of their direction, [e, directions]. */
    private NDArray channels(NDManager manager, EdgeList edges, List<float[]> weights) {
        int directions = layout.reverse() ? 2 : 1;
        float[] channels = new float[edges.size() * directions];
        for (EdgeList.Rows rows : edges.rows()) {
            int column = rows.sharesReceiver() ? 0 : 1;
            float[] values = weights.get(rows.edges().weight().index());
            for (int i = 0; i < values.length; i++) {
                channels[(rows.first() + i) * directions + column] = values[i];
            }
        }
        return manager.create(channels, new Shape(edges.size(), directions));
    }

    /**
     * The encoder as one map.
     *
     * @param map both affine maps, [d, 2f], or [d, c] without frequencies
     * @param shift [d]
     * @param channels what each channel is multiplied with, times 2 pi if it is an angle; c of them
     */
    private record Maps(NDArray map, NDArray shift, NDList channels) {

        /** What a direction multiplies its weight with: forward edges read channels 0 and 2, mirrored ones 1 and 2. */
        NDArray vector(boolean reversed) {
            NDArray own = channels.get(reversed ? 1 : 0);
            return (channels.size() == 3 ? own.add(channels.get(2)) : own).reshape(-1);
        }

        /** Returns those of all directions, the forward one first. */
        NDList vectors() {
            return channels.size() == 3 ? new NDList(vector(false), vector(true)) : new NDList(vector(false));
        }

        NDArray apply(NDArray features) {
            return Linear.linear(features, map, shift).singletonOrThrow();
        }
    }

    private Maps maps(ForwardPass pass) {
        NDArray map = second.weight(pass).matMul(first.weight(pass)); // [d, 2f] or [d, c]
        NDArray shift = second.weight(pass)
                .matMul(first.bias(pass).expandDims(1))
                .squeeze(1)
                .add(second.bias(pass));
        NDArray vectors =
                frequency == null ? map : pass.value(frequency).mul(Constants.of(map, 2 * Math.PI)); // [.., c]
        return new Maps(map, shift, vectors.split(vectors.getShape().get(1), 1));
    }

    private NDArray encode(Maps maps, NDArray scaled) {
        return frequency == null
                ? scaled.add(maps.shift)
                : fourier(scaled, maps.map.split(new long[] {frequencies}, 1), maps.shift);
    }

    /** W (cos angle | sin angle) + shift, without putting the two side by side; angle [b, t, s, f]. */
    private static NDArray fourier(NDArray angle, NDList halves, NDArray shift) {
        NDArray cosines = Linear.linear(angle.cos(), halves.get(0), shift).singletonOrThrow();
        return cosines.add(Linear.linear(angle.sin(), halves.get(1)).singletonOrThrow());
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore store, NDList inputs, boolean training, @Nullable PairList<String, Object> params) {
        return new NDList(forward(new ForwardPass(store, inputs.head().getDevice(), training), inputs));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputs) {
        return layout.edges().stream()
                .map(edges -> inputs[edges.weight().index()].add(hidden))
                .toArray(Shape[]::new);
    }
}
