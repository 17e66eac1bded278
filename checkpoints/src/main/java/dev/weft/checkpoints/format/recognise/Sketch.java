package dev.weft.checkpoints.format.recognise;

import dev.weft.checkpoints.format.NamedTensor;
import dev.weft.network.Architecture;
import dev.weft.network.Attention;
import dev.weft.network.Convolution;
import dev.weft.network.Embedding;
import dev.weft.network.FormatException;
import dev.weft.network.Input;
import dev.weft.network.Junction;
import dev.weft.network.Layer;
import dev.weft.network.Norm;
import dev.weft.network.Pooling;
import dev.weft.network.Reshaping;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An architecture that is read off tensors: each layer is named as its tensors are, and takes its sizes and whether it has a
 * bias from them. Methods append a layer behind the last one, or behind {@code from}.
 */
public final class Sketch {

    private final StateDict tensors;
    private final String family;
    private final Architecture.Builder builder;
    private final Map<String, Integer> widths = new HashMap<>(); // neurons behind each node
    private final Map<String, Layout> layouts = new HashMap<>(); // of parameters
    private final Map<String, String> copies = new HashMap<>(); // tensors to parameters
    private final Map<String, String> unused = new HashMap<>(); // starts of names to notes
    private final List<String> seen = new ArrayList<>();
    private double confidence = 1;

    /**
     * Starts a sketch.
     *
     * @param title of the family, for people
     * @param family of the architecture
     */
    public Sketch(StateDict tensors, String title, String family, Input input) {
        this.tensors = tensors;
        this.family = title;
        this.builder = Architecture.builder(family, input);
        widths.put(Architecture.INPUT, input.size());
    }

    /** Returns the name of the last layer. */
    public String last() {
        return builder.last();
    }

    /** Returns how many neurons are behind a layer. */
    public int width(String node) {
        Integer width = widths.get(node);
        if (width == null) {
            throw new IllegalStateException("no node '" + node + "'");
        }
        return width;
    }

    /** Notes what was seen. */
    public Sketch note(String what) {
        seen.add(what);
        return this;
    }

    /** Notes what no tensor tells, and how sure it is, in (0, 1]. */
    public Sketch assume(String what, double sure) {
        seen.add("assumed " + what);
        confidence *= sure;
        return this;
    }

    /** Appends a layer that keeps the number of neurons. */
    public Sketch add(String name, Layer layer, String... from) {
        String[] inputs = from.length == 0 ? new String[] {last()} : from;
        return add(name, layer, width(inputs[0]), inputs);
    }

    /** Appends a layer with {@code width} neurons. */
    public Sketch add(String name, Layer layer, int width, String... from) {
        builder.add(name, layer, from);
        widths.put(name, width);
        return this;
    }

    /** Appends y = W x + b with a tensor [out, in]. */
    public Sketch linear(String name) throws FormatException {
        return linear(name, last());
    }

    public Sketch linear(String name, String from) throws FormatException {
        List<Integer> shape = tensors.shape(weight(name), "[out, in]", 2);
        return add(name, new Layer.Linear(shape.get(1), shape.get(0), hasBias(name)), shape.get(0), from);
    }

    /** Appends y = x W + b with a tensor [in, out]. */
    public Sketch inputMajorLinear(String name) throws FormatException {
        List<Integer> shape = tensors.shape(weight(name), "[in, out]", 2);
        return add(name, new Layer.InputMajorLinear(shape.get(0), shape.get(1), hasBias(name)), shape.get(1), last());
    }

    /** Appends a convolution of single pixels whose tensor a file holds as [out, in]. */
    public Sketch pointwise(String name) throws FormatException {
        List<Integer> shape = tensors.shape(weight(name), "[out, in]", 2);
        Convolution layer = Convolution.square(shape.get(1), shape.get(0), 1, 1, 0, hasBias(name));
        return add(name, layer, shape.get(0), last());
    }

    /** Appends a convolution and its batch norm. */
    public Sketch convolution(String name, int stride, String norm, double epsilon) throws FormatException {
        return convolution(name, stride).batchNorm(norm, epsilon);
    }

    /** Appends the gates of squeeze-and-excitation, which scale the last map's channels. */
    public Sketch squeeze(String name, String reduce, String expand, Layer.Activation inner, Layer.Activation gate)
            throws FormatException {
        String input = last();
        return add(name + ".mean", new Pooling.GlobalAvgPool())
                .add(name + ".pixel", new Reshaping.ToPixel())
                .convolution(reduce, 1)
                .add(name + ".act", inner)
                .convolution(expand, 1)
                .add(name + ".gate", gate)
                .add(name + ".scaled", new Junction.Multiply(), input, name + ".gate");
    }

    /** Ends a classifier of images: the mean over all positions and a linear layer. */
    public Sketch meanAndLinear(String name) throws FormatException {
        add("avgpool", new Pooling.GlobalAvgPool());
        return tensors.has(weight(name)) ? linear(name) : this;
    }

    /** Appends a convolution over images that keeps the extents where the stride is 1. */
    public Sketch convolution(String name, int stride) throws FormatException {
        return convolution(name, stride, last());
    }

    public Sketch convolution(String name, int stride, String from) throws FormatException {
        List<Integer> shape = tensors.shape(weight(name), "[out, in, height, width]", 4);
        return convolution(name, stride, List.of(shape.get(2) / 2, shape.get(3) / 2), from);
    }

    /** Appends a convolution with a padding of its own; its groups follow from the channels that it gets. */
    public Sketch convolution(String name, int stride, List<Integer> padding, String from) throws FormatException {
        List<Integer> shape = tensors.shape(weight(name), "[out, in, height, width]", 4);
        int in = width(from);
        if (in % shape.get(1) != 0) {
            throw tensors.corrupt("tensor '" + tensors.fileName(weight(name)) + "': expected kernels for the " + in
                    + " channels of '" + from + "' or groups of them, found " + shape);
        }
        Convolution layer = new Convolution(
                in,
                shape.get(0),
                shape.subList(2, 4),
                List.of(stride, stride),
                padding,
                List.of(1, 1),
                in / shape.get(1),
                hasBias(name));
        return add(name, layer, shape.get(0), from);
    }

    public Sketch batchNorm(String name, double epsilon) throws FormatException {
        int size = tensors.shape(name + ".running_mean", "[channels]", 1).get(0);
        return add(name, new Norm.BatchNorm(size, epsilon, tensors.has(weight(name)), true));
    }

    public Sketch layerNorm(String name, double epsilon) throws FormatException {
        return layerNorm(name, epsilon, last());
    }

    public Sketch layerNorm(String name, double epsilon, String from) throws FormatException {
        int size = tensors.shape(weight(name), "[width]", 1).get(0);
        return add(name, new Norm.LayerNorm(size, epsilon, true, hasBias(name)), from);
    }

    /** Appends a table of words [vocabulary, width]. */
    public Sketch lookup(String name) throws FormatException {
        List<Integer> shape = tensors.shape(weight(name), "[vocabulary, width]", 2);
        return add(name, new Embedding.Lookup(shape.get(0), shape.get(1)), shape.get(1), last());
    }

    /** Appends learned positions [length, width]. */
    public Sketch positions(String name, int first) throws FormatException {
        List<Integer> shape = tensors.shape(weight(name), "[length, width]", 2);
        return add(name, new Embedding.PositionTable(shape.get(0), shape.get(1), first));
    }

    /** Appends a trained factor for each neuron, if the file has it. */
    public Sketch gain(String name) {
        return tensors.has(name) ? add(name, new Layer.Gain(width(last()))) : this;
    }

    /** Projects the last layer's values to queries, keys and values, and attends. */
    public Sketch attention(String name, String q, String k, String v, int heads, boolean causal)
            throws FormatException {
        String from = last();
        return linear(q, from)
                .linear(k, from)
                .linear(v, from)
                .add(name, new Attention.Heads(heads, heads, causal), width(v), q, k, v);
    }

    /** Cuts queries, keys and values, side by side and of one width, and attends. */
    public Sketch fusedAttention(String name, int heads, boolean causal) {
        String fused = last();
        int width = width(fused) / 3;
        return add(name + ".q", new Reshaping.Slice(0, width), width, fused)
                .add(name + ".k", new Reshaping.Slice(width, 2 * width), width, fused)
                .add(name + ".v", new Reshaping.Slice(2 * width, 3 * width), width, fused)
                .add(name, new Attention.Heads(heads, heads, causal), width, name + ".q", name + ".k", name + ".v");
    }

    /** Adds two layers' values. */
    public Sketch sum(String name, String first, String second) {
        return add(name, new Junction.Add(), first, second);
    }

    /** Says that a parameter's values lie differently in the file. */
    public Sketch layout(String parameter, Layout layout) {
        layouts.put(parameter, layout);
        return this;
    }

    /** Says that a tensor of the file holds a parameter's values once more. */
    public Sketch copy(String tensor, String parameter) {
        copies.put(tensor, parameter);
        return this;
    }

    /** Says what the tensors are whose names start so: they belong to an output that is not run. */
    public Sketch unused(String start, String note) {
        unused.put(start, note);
        return this;
    }

    /**
     * Appends scores of words by their table, with a bias of their own.
     *
     * @param weight the layer whose weight is the table once more, if the file has it
     * @param table the layer with the words' vectors
     * @param bias the layer with the bias
     * @param copy a tensor that is the bias once more, if the file has it
     */
    Sketch tiedWords(String weight, String table, String bias, String copy) throws IOException {
        if (tensors.has(weight(weight)) && !TiedWeights.same(tensors, weight(weight), weight(table))) {
            return linear(weight);
        }
        if (tensors.has(weight(weight))) {
            copy(weight(weight), weight(table));
        }
        if (tensors.has(copy)) {
            copy(copy, bias + ".bias");
        }
        int words = vocabulary(table);
        return add(bias + ".scores", new Embedding.TiedOutput(table), words, last())
                .add(bias, new Layer.Shift(words));
    }

    /**
     * Ends a language model: scores of words behind the last layer.
     *
     * @param name of the output layer, whose tensor may be missing or a copy of the table if the two are tied
     * @param table the layer with the words' vectors
     * @param tied what a configuration says, null if there is none
     */
    Sketch words(String name, String table, @org.jspecify.annotations.Nullable Boolean tied)
            throws java.io.IOException {
        String weight = weight(name);
        if (!tensors.has(weight)) {
            if (Boolean.FALSE.equals(tied)) {
                throw tensors.corrupt("expected a tensor '" + tensors.fileName(weight)
                        + "' since the configuration does not tie the output to the word table, found no such tensor");
            }
            note("no " + weight + ": the output is tied to " + weight(table));
            return add(name, new Embedding.TiedOutput(table), vocabulary(table), last());
        }
        boolean same = TiedWeights.same(tensors, weight, weight(table));
        if (tied != null ? tied : same) {
            copy(weight, weight(table)).note(weight + " is tied to " + weight(table));
            return add(name, new Embedding.TiedOutput(table), vocabulary(table), last());
        }
        return linear(name);
    }

    private int vocabulary(String table) throws FormatException {
        return tensors.shape(weight(table), "[vocabulary, width]", 2).get(0);
    }

    private boolean hasBias(String name) {
        return tensors.has(name.endsWith("_") ? name + "bias" : name + ".bias");
    }

    /** Returns what a layer's weight is called. */
    static String weight(String name) {
        return name.endsWith("_") ? name + "weight" : name + ".weight";
    }

    /**
     * Builds the network and finds its tensors.
     *
     * @throws FormatException if the layers do not fit together, or a tensor is missing or misshapen
     */
    public Recognition finish() throws FormatException {
        try {
            Architecture architecture = builder.build();
            return new TensorMatch(tensors, family, architecture, layouts, copies, unused)
                    .recognition(confidence, String.join("; ", seen));
        } catch (IllegalArgumentException e) {
            throw new FormatException.Corrupt(
                    tensors.file().origin(), "recognised as " + family + ", but " + e.getMessage(), e);
        }
    }

    /** Returns the tensors that the layers are read off. */
    public StateDict tensors() {
        return tensors;
    }

    /** Returns a tensor, for its shape. */
    NamedTensor tensor(String name) throws FormatException {
        return tensors.find(name)
                .orElseThrow(() -> tensors.corrupt("expected a tensor '" + tensors.fileName(name) + "'"));
    }
}
