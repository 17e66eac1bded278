package dev.weft.metanets.nowcast;

import dev.weft.checkpoints.format.NamedTensor;
import dev.weft.checkpoints.format.TensorFile;
import dev.weft.checkpoints.format.TensorSource;
import dev.weft.metanets.nowcast.wiring.RowLayout;
import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which tensors of a state dict are parameters, and in which order. Running statistics, masks, frequencies and whole numbers
 * are no parameters, and an output matrix that is its embedding again is one parameter with it.
 *
 * <p>PyTorch's own files keep the order of the modules; in others the names are ordered, numbers by their value, a weight
 * before its bias. Only chains of layers depend on it.
 */
public final class StateDict {

    private static final String PYTORCH = "pytorch";
    private static final int PIECE = 1 << 20;

    private static final List<String> BUFFERS =
            List.of("running_mean", "running_var", "num_batches_tracked", "masked_bias", "inv_freq");

    /** GPT-2's causal mask, in old files. */
    private static final String MASK = "attn.bias";

    /** Names of tensors that may be others again. */
    private static final Map<String, List<String>> TIES = Map.of(
            "lm_head.weight", List.of("wte.weight", "embed_tokens.weight"),
            "cls.predictions.decoder.weight", List.of("word_embeddings.weight"),
            "cls.predictions.decoder.bias", List.of("cls.predictions.bias"));

    private final RowLayout layout;
    private final Map<String, String> ties;

    private StateDict(RowLayout layout, Map<String, String> ties) {
        this.layout = layout;
        this.ties = ties;
    }

    /** Finds the parameters of a state. */
    public static StateDict of(TensorSource state) throws IOException {
        List<NamedTensor> tensors = new ArrayList<>(state.tensors().values());
        if (!keepsOrder(state)) {
            tensors.sort((a, b) -> NaturalOrder.compare(a.name(), b.name()));
        }
        Map<String, String> ties = ties(state);
        Map<String, List<Integer>> shapes = new LinkedHashMap<>();
        for (NamedTensor tensor : tensors) {
            if (isParameter(tensor) && !ties.containsKey(tensor.name())) {
                shapes.put(tensor.name(), shape(state, tensor));
            }
        }
        if (shapes.isEmpty()) {
            throw new FormatException.Corrupt(state.origin(), "expected parameters, found no tensor of real numbers");
        }
        return new StateDict(new RowLayout(shapes), ties);
    }

    /** Takes the parameters that a layout names; all other tensors of a state stay. */
    public static StateDict of(RowLayout layout) {
        return new StateDict(layout, Map.of());
    }

    /** Whether the order is the modules': in sorted names, as converters leave them, there is none. */
    private static boolean keepsOrder(TensorSource state) {
        List<String> names = List.copyOf(state.tensors().keySet());
        TensorSource origin = state instanceof PrefixedTensors part ? part.source() : state;
        return origin instanceof TensorFile file
                && file.format().equals(PYTORCH)
                && !names.equals(names.stream().sorted().toList());
    }

    private static boolean isParameter(NamedTensor tensor) {
        boolean buffer = BUFFERS.stream().anyMatch(tensor.name()::endsWith)
                || (tensor.name().endsWith(MASK) && tensor.shape().size() == 4);
        return tensor.dtype().isFloating() && !buffer && tensor.elements() > 0;
    }

    private static List<Integer> shape(TensorSource state, NamedTensor tensor) throws FormatException {
        if (tensor.elements() > Integer.MAX_VALUE - 8) {
            throw new FormatException.Unsupported(
                    state.origin(), "tensor '" + tensor.name() + "' has " + tensor.elements() + " values");
        }
        return tensor.shape().stream().map(Long::intValue).toList();
    }

    private static Map<String, String> ties(TensorSource state) throws IOException {
        Map<String, String> ties = new LinkedHashMap<>();
        for (NamedTensor again : state.tensors().values()) {
            for (Map.Entry<String, List<String>> tie : TIES.entrySet()) {
                for (NamedTensor first : state.tensors().values()) {
                    boolean named = again.name().endsWith(tie.getKey())
                            && tie.getValue().stream().anyMatch(first.name()::endsWith)
                            && !first.name().endsWith(tie.getKey());
                    if (named && isSame(state, first, again)) {
                        ties.put(again.name(), first.name());
                    }
                }
            }
        }
        return ties;
    }

    private static boolean isSame(TensorSource state, NamedTensor a, NamedTensor b) throws IOException {
        if (a.dtype() != b.dtype() || !a.dtype().isFloating() || !a.shape().equals(b.shape())) {
            return false;
        }
        long length = a.byteLength();
        for (long position = 0; position < length; position += PIECE) {
            int bytes = (int) Math.min(PIECE, length - position);
            if (!piece(state, a, position, bytes).equals(piece(state, b, position, bytes))) {
                return false;
            }
        }
        return true;
    }

    private static ByteBuffer piece(TensorSource state, NamedTensor tensor, long position, int bytes)
            throws IOException {
        ByteBuffer piece = ByteBuffer.allocate(bytes);
        state.read(tensor.name(), position, piece);
        return piece.flip();
    }

    /** Returns which tensors are others again, by name. */
    Map<String, String> ties() {
        return Collections.unmodifiableMap(ties);
    }

    /** Returns the parameters. */
    public RowLayout layout() {
        return layout;
    }

    /**
     * Returns a state with a forecast in it.
     *
     * @param last gives the tensors that are no parameters, and the texts; must stay open while the result is read
     * @param metadata texts to add
     */
    public TensorSource with(TensorSource last, Forecast forecast, Map<String, String> metadata) {
        return new ForecastState(last, forecast, ties, metadata);
    }
}
