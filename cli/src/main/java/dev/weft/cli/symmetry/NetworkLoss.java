package dev.weft.cli.symmetry;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.weft.network.Architecture;
import dev.weft.network.Layer;
import dev.weft.network.Seed;
import dev.weft.network.run.FunctionalNetwork;
import dev.weft.network.train.CrossEntropy;
import dev.weft.symmetry.RandomInputs;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What networks on the way between two others are measured by: their cross-entropy on labelled images, or, without images, how
 * far their outputs on random inputs are from those of the first network.
 *
 * <p>Shapes: inputs [m, *shape], labels [m].
 */
final class NetworkLoss implements AutoCloseable {

    private static final int MOST_COMPARED = 1000; // activations of all layers are held at once

    private static final int INPUTS = 256;
    private static final long MICRO_BATCH = 256;

    private final NDManager manager;
    private final FunctionalNetwork network;
    private final NDArray inputs;
    private final @Nullable NDArray labels;
    private final String name;

    private NetworkLoss(
            NDManager manager, Architecture architecture, NDArray inputs, @Nullable NDArray labels, String name) {
        this.manager = manager;
        this.network = new FunctionalNetwork(architecture);
        this.inputs = inputs;
        this.labels = labels;
        this.name = name;
    }

    /** Measures cross-entropy on labelled images. */
    static NetworkLoss of(Architecture architecture, LabelledInputs data) {
        NDManager manager = NDManager.newBaseManager(Device.cpu());
        Shape shape = new Shape(data.labels().length);
        for (int extent : architecture.formOf(Architecture.INPUT).shape()) {
            shape = shape.add(extent);
        }
        return new NetworkLoss(
                manager,
                architecture,
                manager.create(data.pixels(), shape),
                manager.create(data.labels(), new Shape(1, data.labels().length)),
                "cross-entropy on " + data.labels().length + " images of " + data.name());
    }

    /** Measures the distance from a network's outputs; inputs are coordinates in [-1, 1] for sine networks, else normal. */
    static NetworkLoss ofRandomInputs(Architecture architecture, Seed seed) {
        NDManager manager = NDManager.newBaseManager(Device.cpu());
        NDArray inputs = RandomInputs.of(manager, architecture, INPUTS, DataType.FLOAT32, seed);
        boolean sines = architecture.nodes().stream().anyMatch(node -> node.layer() instanceof Layer.Sine);
        return new NetworkLoss(
                manager,
                architecture,
                sines ? inputs.tanh() : inputs,
                null,
                "squared distance from the first network's outputs on " + INPUTS
                        + " random inputs, over their variance");
    }

    /** Returns what is measured, for people. */
    String name() {
        return name;
    }

    /** Returns the first inputs, at most {@value #MOST_COMPARED} [m, *shape]. */
    NDArray inputs() {
        return inputs.get("0:" + Math.min(MOST_COMPARED, inputs.getShape().get(0)));
    }

    /**
     * Returns the loss as a function of a row.
     *
     * @param first P values of the network that distances are measured from
     */
    ToDoubleFunction<double[]> from(double[] first) {
        if (labels != null) {
            return row -> mean(row, labels);
        }
        float[] reference = outputs(first);
        double variance = variance(reference);
        return row -> {
            float[] outputs = outputs(row);
            double squares = 0;
            for (int i = 0; i < outputs.length; i++) {
                double difference = (double) outputs[i] - reference[i];
                squares += difference * difference;
            }
            return squares / outputs.length / variance;
        };
    }

    private double mean(double[] row, NDArray answers) {
        double sum = 0;
        long m = inputs.getShape().get(0);
        for (long from = 0; from < m; from += MICRO_BATCH) {
            long to = Math.min(m, from + MICRO_BATCH);
            try (NDManager sub = manager.newSubManager()) {
                NDArray scores = network.forward(parameters(sub, row), part(sub, inputs, from, to));
                NDArray some = part(sub, answers.transpose(), from, to).reshape(1, to - from);
                sum += (to - from) * (double) CrossEntropy.losses(scores, some).getFloat(0);
            }
        }
        return sum / m;
    }

    private float[] outputs(double[] row) {
        try (NDManager sub = manager.newSubManager()) {
            NDArray own = inputs.duplicate();
            own.attach(sub);
            return network.forward(parameters(sub, row), own).toFloatArray();
        }
    }

    private static NDArray parameters(NDManager sub, double[] row) {
        return sub.create(row, new Shape(1, row.length)).toType(DataType.FLOAT32, false);
    }

    private static NDArray part(NDManager sub, NDArray array, long from, long to) {
        NDArray part = array.get(from + ":" + to);
        part.attach(sub);
        return part;
    }

    private static double variance(float[] values) {
        double mean = 0;
        for (float value : values) {
            mean += value / (double) values.length;
        }
        double squares = 0;
        for (float value : values) {
            squares += (value - mean) * (value - mean);
        }
        return Math.max(squares / values.length, Double.MIN_NORMAL);
    }

    @Override
    public void close() {
        manager.close();
    }
}
