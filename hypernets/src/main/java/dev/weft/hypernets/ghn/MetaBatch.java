package dev.weft.hypernets.ghn;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import dev.weft.graph.ComputationGraph;
import dev.weft.metanets.nn.ForwardPass;
import dev.weft.metanets.nn.Tape;
import dev.weft.network.Architecture;
import dev.weft.network.ParameterTensor;
import dev.weft.network.run.FunctionalNetwork;
import dev.weft.network.train.CrossEntropy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * Several architectures whose predicted networks are run on the same images: the loss is the mean of their cross-entropies
 * and, as GHN-3 is trained, of the norms of their predicted tensors (Knyazev et al. 2023, equation 5).
 *
 * <p>The hypernetwork writes all rows at once. Then each network is differentiated in its own row, one after the other, so
 * that only one network's activations are kept; the rows' gradients go back through the hypernetwork together.
 *
 * @param architectures networks
 * @param graphs theirs
 */
public record MetaBatch(List<Architecture> architectures, List<ComputationGraph> graphs) {

    public MetaBatch {
        architectures = List.copyOf(architectures);
        graphs = List.copyOf(graphs);
        if (architectures.size() != graphs.size() || graphs.isEmpty()) {
            throw new IllegalArgumentException(
                    "expected a graph for each architecture, got " + graphs.size() + " for " + architectures.size());
        }
    }

    /**
     * What a step found.
     *
     * @param crossEntropies of each network
     * @param normSum of the norms of all tensors of all networks
     * @param gradients of the rows
     */
    public record Losses(double[] crossEntropies, double normSum, List<float[]> gradients) {

        /** Returns the mean cross-entropy. */
        public double mean() {
            double sum = 0;
            for (double each : crossEntropies) {
                sum += each;
            }
            return sum / crossEntropies.length;
        }
    }

    /**
     * Adds the gradients of the loss to those of the hypernetwork.
     *
     * @param images [b, channels, height, width], on the hypernetwork's device
     * @param labels b numbers of classes
     * @param normWeight weight of the tensors' norms in the loss, 0 for none
     */
    public Losses accumulate(GraphHyperNetwork model, NDArray images, int[] labels, double normWeight) {
        return accumulate(pass -> model.rows(pass, graphs), images, labels, normWeight);
    }

    /**
     * Does the same with rows that are written in another way.
     *
     * @param writer from a recording pass to a row [1, P] a graph
     */
    public Losses accumulate(
            Function<ForwardPass, List<NDArray>> writer, NDArray images, int[] labels, double normWeight) {
        try (NDManager manager = images.getManager().newSubManager();
                NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                ForwardPass pass = ForwardPass.recording(new ParameterStore(manager, false), images.getDevice());
                List<NDArray> rows = writer.apply(pass);
                Losses losses = losses(collector, rows, images, labels, normWeight);
                NDList terms = new NDList();
                for (int g = 0; g < rows.size(); g++) {
                    NDArray gradient =
                            manager.create(losses.gradients.get(g), rows.get(g).getShape());
                    terms.add(Tape.pull(rows.get(g), gradient.toType(rows.get(g).getDataType(), false)));
                }
                pass.backward(collector, NDArrays.stack(terms).sum());
                return losses;
            }
        }
    }

    private Losses losses(
            GradientCollector collector, List<NDArray> rows, NDArray images, int[] labels, double normWeight) {
        double[] crossEntropies = new double[rows.size()];
        double normSum = 0;
        List<float[]> gradients = new ArrayList<>();
        NDArray answers = rows.get(0)
                .getManager()
                .create(Arrays.stream(labels).asLongStream().toArray())
                .toDevice(images.getDevice(), false)
                .expandDims(0);
        for (int g = 0; g < rows.size(); g++) {
            NDArray row = Tape.leaf(rows.get(g));
            NDArray outputs = new FunctionalNetwork(architectures.get(g)).forward(row, images);
            NDArray loss = CrossEntropy.losses(outputs, answers).sum(); // of one network
            collector.backward(loss);
            crossEntropies[g] = loss.toType(DataType.FLOAT64, false).getDouble();
            float[] gradient = floats(row.getGradient());
            for (int i = 0; i < gradient.length; i++) {
                gradient[i] /= rows.size();
            }
            if (normWeight > 0) {
                normSum += addNorms(architectures.get(g), floats(row), gradient, normWeight / rows.size());
            }
            gradients.add(gradient);
        }
        return new Losses(crossEntropies, normSum, gradients);
    }

    private static float[] floats(NDArray array) {
        return array.toType(DataType.FLOAT32, false).toFloatArray();
    }

    /** Adds {@code weight} times the gradient of the sum of the tensors' norms, w / |w|; returns the sum. */
    private static double addNorms(Architecture architecture, float[] row, float[] gradient, double weight) {
        double sum = 0;
        for (ParameterTensor tensor : architecture.parameters()) {
            int begin = Math.toIntExact(tensor.offset());
            int end = Math.toIntExact(tensor.end());
            double squares = 0;
            for (int i = begin; i < end; i++) {
                squares += (double) row[i] * row[i];
            }
            double norm = Math.sqrt(squares);
            for (int i = begin; i < end && norm > 0; i++) {
                gradient[i] += (float) (weight * row[i] / norm);
            }
            sum += norm;
        }
        return sum;
    }
}
