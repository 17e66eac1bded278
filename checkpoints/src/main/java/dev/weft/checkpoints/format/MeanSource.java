package dev.weft.checkpoints.format;

import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The weighted mean of sources with the same tensors, taken while it is read. Names, order, types and texts are those of
 * a further source, the form. A value that is the same in all sources stays as it is, also where it is infinite, as in masks.
 *
 * <p>Only real numbers are averaged. Tensors of other types are the form's; those of more than one value must be the same in
 * all sources, so that nobody averages packed or quantized weights by mistake.
 */
public final class MeanSource implements TensorSource {

    private final TensorSource form;
    private final List<TensorSource> sources;
    private final double[] shares;

    /**
     * @param form may be one of the sources
     * @param sources one or more
     * @param shares of the sources, 0 or more with a sum of 1
     * @throws FormatException if a source has other tensors than the form, or one in another shape
     */
    public MeanSource(TensorSource form, List<? extends TensorSource> sources, double... shares)
            throws FormatException {
        if (sources.isEmpty() || sources.size() != shares.length) {
            throw new IllegalArgumentException(
                    "expected a share for each source, found " + sources.size() + " and " + shares.length);
        }
        this.form = form;
        this.sources = List.copyOf(sources);
        this.shares = shares.clone();
        for (TensorSource source : sources) {
            requireAlike(form, source);
        }
    }

    /** Takes the mean with equal shares. */
    public static MeanSource of(TensorSource form, List<? extends TensorSource> sources) throws FormatException {
        double[] shares = new double[sources.size()];
        Arrays.fill(shares, 1.0 / sources.size());
        return new MeanSource(form, sources, shares);
    }

    /**
     * Refuses a source that has other tensors than the first.
     *
     * @throws FormatException with the name of a tensor that only one of them has, or that has another shape
     */
    public static void requireAlike(TensorSource first, TensorSource other) throws FormatException {
        for (NamedTensor tensor : other.tensors().values()) {
            if (!first.tensors().containsKey(tensor.name())) {
                throw refused(
                        other, tensor, "expected the tensors of " + first.origin() + ", which has no such tensor");
            }
        }
        for (NamedTensor tensor : first.tensors().values()) {
            NamedTensor found = other.tensors().get(tensor.name());
            if (found == null) {
                throw refused(other, tensor, "expected it as in " + first.origin() + ", found no such tensor");
            }
            if (!found.shape().equals(tensor.shape())) {
                throw refused(
                        other,
                        tensor,
                        "expected shape " + tensor.shape() + " as in " + first.origin() + ", found " + found.shape());
            }
            if (found.dtype().isFloating() != tensor.dtype().isFloating()) {
                throw refused(
                        other,
                        tensor,
                        "expected " + tensor.dtype() + " as in " + first.origin() + ", found " + found.dtype());
            }
        }
    }

    private static FormatException refused(TensorSource source, NamedTensor tensor, String what) {
        return new FormatException.Unsupported(source.origin(), "tensor '" + tensor.name() + "': " + what);
    }

    @Override
    public String origin() {
        return "mean of "
                + String.join(", ", sources.stream().map(TensorSource::origin).toList());
    }

    @Override
    public Map<String, ? extends NamedTensor> tensors() {
        return form.tensors();
    }

    @Override
    public Map<String, String> metadata() {
        return form.metadata();
    }

    /** @throws FormatException if a value is no number or too large for the form's type, or others than real ones differ */
    @Override
    public void read(String name, long position, ByteBuffer target) throws IOException {
        NamedTensor tensor = form.tensor(name);
        if (tensor.dtype().isFloating()) {
            readMean(tensor, position, target);
        } else {
            readSame(tensor, position, target);
        }
    }

    private void readMean(NamedTensor tensor, long position, ByteBuffer target) throws IOException {
        Dtype dtype = tensor.dtype();
        long first = position / dtype.bytes();
        double[][] values = new double[sources.size()][target.remaining() / dtype.bytes()];
        for (int s = 0; s < values.length; s++) {
            Elements.reals(sources.get(s), tensor.name(), first, values[s]);
        }
        double[] means = new double[values[0].length];
        for (int i = 0; i < means.length; i++) {
            means[i] = mean(tensor, values, i, first);
        }
        Elements.putReals(target, dtype, means, form.origin(), tensor.name(), first);
    }

    private double mean(NamedTensor tensor, double[][] values, int index, long first) throws FormatException {
        double mean = 0;
        boolean same = true;
        for (int s = 0; s < values.length; s++) {
            mean += shares[s] * values[s][index];
            same &= values[s][index] == values[0][index]; // false for what is no number
        }
        if (same) {
            return values[0][index];
        }
        for (int s = 0; s < values.length; s++) {
            if (!Double.isFinite(values[s][index])) {
                throw refused(
                        sources.get(s),
                        tensor,
                        "expected finite values, found " + values[s][index] + " at " + (first + index));
            }
        }
        return mean;
    }

    private void readSame(NamedTensor tensor, long position, ByteBuffer target) throws IOException {
        int start = target.position();
        form.read(tensor.name(), position, target);
        if (tensor.elements() == 1) {
            return; // a counter
        }
        ByteBuffer expected = target.duplicate().flip().position(start);
        for (TensorSource source : sources) {
            ByteBuffer found = ByteBuffer.allocate(expected.remaining());
            if (source.tensor(tensor.name()).dtype() == tensor.dtype()) {
                source.read(tensor.name(), position, found);
            }
            if (!found.flip().equals(expected)) {
                throw refused(
                        source,
                        tensor,
                        "expected the values of " + form.origin() + ", since " + tensor.dtype() + " is not averaged");
            }
        }
    }
}
