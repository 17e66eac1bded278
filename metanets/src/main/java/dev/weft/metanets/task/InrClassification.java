package dev.weft.metanets.task;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.weft.checkpoints.Zoo;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which class of picture does an implicit neural representation show? Cross-entropy; the best accuracy selects. */
public final class InrClassification implements Task {

    public static final String NAME = "inr-classification";

    private final int[] labels;
    private final List<String> classes;

    /**
     * @param labels for each row of the data set, the index of its class
     * @param classes their names
     */
    public InrClassification(int[] labels, List<String> classes) {
        this.labels = labels.clone();
        this.classes = List.copyOf(classes);
        for (int row = 0; row < labels.length; row++) {
            if (labels[row] < 0 || labels[row] >= classes.size()) {
                throw new IllegalArgumentException(
                        "row " + row + ": label " + labels[row] + " is outside [0, " + classes.size() + ")");
            }
        }
    }

    /** Takes labels and classes from a zoo. */
    public static InrClassification of(Zoo zoo) {
        int[] labels = new int[zoo.size()];
        for (int row = 0; row < labels.length; row++) {
            labels[row] = zoo.label(row);
        }
        return new InrClassification(labels, zoo.header().classes());
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int outputs() {
        return classes.size();
    }

    @Override
    public List<String> outputNames() {
        return classes;
    }

    @Override
    public NDArray loss(NDArray outputs, int[] rows) {
        int k = classes.size();
        float[] chosen = new float[rows.length * k];
        for (int i = 0; i < rows.length; i++) {
            chosen[i * k + labels[rows[i]]] = -1;
        }
        NDArray mask = outputs.getManager()
                .create(chosen, new Shape(rows.length, k))
                .toDevice(outputs.getDevice(), false)
                .toType(outputs.getDataType(), false);
        return outputs.logSoftmax(1).mul(mask).sum();
    }

    @Override
    public Map<String, Double> score(float[][] outputs, int[] rows) {
        double loss = 0;
        int right = 0;
        for (int i = 0; i < rows.length; i++) {
            int label = labels[rows[i]];
            loss -= logProbabilities(outputs[i])[label];
            right += argMax(outputs[i]) == label ? 1 : 0;
        }
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("loss", loss / rows.length);
        figures.put("accuracy", (double) right / rows.length);
        return figures;
    }

    /** Counts rows by true class (first index) and answer (second index). */
    public int[][] confusion(float[][] outputs, int[] rows) {
        int[][] counts = new int[classes.size()][classes.size()];
        for (int i = 0; i < rows.length; i++) {
            counts[labels[rows[i]]][argMax(outputs[i])]++;
        }
        return counts;
    }

    /** Turns a row's outputs into probabilities. */
    public static double[] probabilities(float[] outputs) {
        return Arrays.stream(logProbabilities(outputs)).map(Math::exp).toArray();
    }

    /** The logarithm of the softmax; subtracting the largest output first keeps it from overflowing. */
    private static double[] logProbabilities(float[] outputs) {
        double largest = outputs[argMax(outputs)];
        double sum = 0;
        for (float output : outputs) {
            sum += Math.exp(output - largest);
        }
        double[] logarithms = new double[outputs.length];
        for (int i = 0; i < outputs.length; i++) {
            logarithms[i] = outputs[i] - largest - Math.log(sum);
        }
        return logarithms;
    }

    /** Returns the index of the largest value, the first if there are several. */
    public static int argMax(float[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            if (values[i] > values[best]) {
                best = i;
            }
        }
        return best;
    }

    @Override
    public String selection() {
        return "accuracy";
    }

    @Override
    public boolean higherIsBetter() {
        return true;
    }
}
