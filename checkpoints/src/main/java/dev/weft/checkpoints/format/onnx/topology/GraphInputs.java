package dev.weft.checkpoints.format.onnx.topology;

import dev.weft.checkpoints.format.onnx.OnnxFile;
import dev.weft.checkpoints.format.onnx.OnnxNode;
import dev.weft.checkpoints.format.onnx.OnnxValue;
import dev.weft.checkpoints.format.onnx.OnnxValue.Dimension;
import dev.weft.checkpoints.format.onnx.topology.Fixed.Kind;
import dev.weft.network.Form.Layout;
import dev.weft.network.FormatException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What a graph reads: one input, and for texts the masks, segments and positions that many models ask for besides it, which
 * are taken to be those of one whole text.
 */
final class GraphInputs {

    private static final int BATCH =
            2; // samples where the file leaves their number open: more than one, so that axes show
    private static final int LENGTH = 7; // words where the file leaves their number open
    private static final Set<String> SPATIAL = Set.of(
            "Conv", "MaxPool", "AveragePool", "GlobalAveragePool", "BatchNormalization", "InstanceNormalization");

    private final OnnxFile file;
    private final Map<String, Integer> sizes;
    private final OnnxValue main;
    private final int batchAxis;
    private final int[] shape;
    private final boolean openLength;
    private final Sample sample;
    private final Map<String, Meaning> assumed = new LinkedHashMap<>();
    private final List<String> assumptions = new ArrayList<>();

    /** @param sizes what to take for axes that the file leaves open, by their names */
    GraphInputs(OnnxFile file, Map<String, Integer> sizes) throws FormatException {
        this.file = file;
        this.sizes = sizes;
        List<OnnxValue> inputs = file.model().graph().inputs().stream()
                .filter(input -> !file.model().graph().initializers().containsKey(input.name()))
                .toList();
        main = inputs.stream()
                .filter(input -> !isAuxiliary(input))
                .findFirst()
                .orElseThrow(() -> refused("expected an input, found " + names(inputs)));
        boolean words = isWhole(main);
        batchAxis = batchAxis(words);
        openLength = words && main.shape().size() == 2 && open(1);
        shape = sizes(main, words);
        sample = sample(words);
        if (openLength) {
            assumptions.add("masks are taken to be those of a text of " + LENGTH
                    + " words: windows that only longer texts show are not seen");
        }
        inputs.stream().filter(this::isAuxiliary).forEach(this::assume);
    }

    private static List<String> names(List<OnnxValue> inputs) {
        return inputs.stream().map(OnnxValue::name).toList();
    }

    private FormatException refused(String what) {
        return new FormatException.Unsupported(file.origin(), what);
    }

    private static boolean isWhole(OnnxValue value) {
        return value.type().startsWith("INT");
    }

    private boolean isAuxiliary(OnnxValue input) {
        String name = input.name().toLowerCase(Locale.ROOT);
        return name.contains("mask") || name.contains("token_type") || name.contains("position_ids");
    }

    /** Returns the axis of the samples: the first whose size is open, or the first. */
    private int batchAxis(boolean words) {
        for (int i = 0; i < main.shape().size(); i++) {
            if (open(i)) {
                return words || main.shape().size() != 3 ? 0 : Math.min(i, 1);
            }
        }
        return 0;
    }

    private boolean open(int axis) {
        Dimension dimension = main.shape().get(axis);
        return dimension.size() < 0 && !sizes.containsKey(dimension.symbol());
    }

    private int[] sizes(OnnxValue input, boolean words) throws FormatException {
        int[] found = new int[input.shape().size()];
        for (int i = 0; i < found.length; i++) {
            Dimension dimension = input.shape().get(i);
            Integer given = sizes.get(dimension.symbol());
            if (given != null) {
                found[i] = given;
            } else if (dimension.size() < 0) {
                found[i] = i == batchAxis ? BATCH : words ? LENGTH : -1;
            } else {
                found[i] = (int) Math.min(Integer.MAX_VALUE, dimension.size());
            }
            if (found[i] < 1) {
                throw refused("input '" + input.name() + "': axis " + i + " has "
                        + (dimension.size() < 0
                                ? "no fixed size; say what to take for '" + dimension.symbol() + "'"
                                : "size " + dimension.size()));
            }
        }
        return found;
    }

    private Sample sample(boolean words) throws FormatException {
        int rank = shape.length;
        if (words && rank == 2) {
            return new Sample(Layout.TOKENS, List.of(shape[1]), 0);
        }
        if (!words && rank == 2) {
            return new Sample(Layout.VECTOR, List.of(), shape[1]);
        }
        if (!words && rank == 3) {
            return readByWindows()
                    ? new Sample(Layout.MAP, List.of(shape[2]), shape[1])
                    : new Sample(Layout.SEQUENCE, List.of(shape[1 - batchAxis]), shape[2]);
        }
        if (!words && rank == 4) {
            return new Sample(Layout.MAP, List.of(shape[2], shape[3]), shape[1]);
        }
        throw refused(
                "input '" + main.name() + "': expected numbers [batch, features], [batch, length, features], [batch,"
                        + " channels, length] or [batch, channels, height, width], or words [batch, length], found "
                        + main.type() + " " + Arrays.toString(shape));
    }

    private boolean readByWindows() {
        for (OnnxNode node : file.model().graph().nodes()) {
            if (SPATIAL.contains(node.operator()) && node.inputs().contains(main.name())) {
                return true;
            }
        }
        return false;
    }

    private void assume(OnnxValue input) {
        if (input.shape().size() != shape.length || sample.layout() != Layout.TOKENS) {
            return; // if it is read, the node that does will be refused
        }
        String name = input.name().toLowerCase(Locale.ROOT);
        if (name.contains("mask")) {
            put(input, "all ones", Fixed.of(kind(input), new int[] {1, 1}, 1).expanded(shape));
        } else if (name.contains("token_type")) {
            put(input, "all zeros", Fixed.of(kind(input), new int[] {1, 1}, 0).expanded(shape));
        } else {
            double[] positions = new double[shape[1]];
            Arrays.setAll(positions, i -> i);
            put(
                    input,
                    "0, 1, 2, ...",
                    Fixed.of(kind(input), new int[] {1, shape[1]}, positions).expanded(shape));
        }
    }

    private static Kind kind(OnnxValue input) {
        return isWhole(input) ? Kind.INTEGER : input.type().equals("BOOL") ? Kind.LOGICAL : Kind.REAL;
    }

    private void put(OnnxValue input, String what, Fixed value) {
        assumed.put(input.name(), value);
        assumptions.add("input '" + input.name() + "' is taken to be " + what);
    }

    String name() {
        return main.name();
    }

    int batch() {
        return shape[batchAxis];
    }

    boolean openLength() {
        return openLength;
    }

    Sample sample() {
        return sample;
    }

    /** Returns how the input's axes are made of the samples'. */
    View view() {
        View view = sample.view(batch());
        return batchAxis == 0 ? view : view.transposed(new int[] {1, 0, 2});
    }

    /** Returns the values of the other inputs. */
    Map<String, Meaning> assumed() {
        return assumed;
    }

    /** Returns what was assumed about the other inputs, in words. */
    List<String> assumptions() {
        return List.copyOf(assumptions);
    }
}
