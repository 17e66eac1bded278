package dev.weft.checkpoints.format.recognise;

import dev.weft.checkpoints.format.Dtype;
import dev.weft.checkpoints.format.NamedTensor;
import dev.weft.checkpoints.format.recognise.Leftover.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tensors of the well-known libraries that are no parameters. */
final class Buffers {

    /** What they are, by the end of their names. */
    private static final Map<String, String> BY_END = new LinkedHashMap<>();

    static {
        BY_END.put("num_batches_tracked", "counts the batches that a batch norm saw in training");
        BY_END.put("position_ids", "the numbers of positions");
        BY_END.put("token_type_ids", "the numbers of segments");
        BY_END.put("masked_bias", "the value of masked scores");
        BY_END.put("inv_freq", "frequencies of rotary positions, which follow from the configuration");
        BY_END.put("original_inv_freq", "frequencies of rotary positions, which follow from the configuration");
        BY_END.put("attn_mask", "a mask of attention");
        BY_END.put("relative_position_index", "numbers of relative positions");
    }

    private Buffers() {}

    static Leftover leftover(NamedTensor tensor) {
        String name = tensor.name();
        if (name.startsWith("optimizer")) {
            return new Leftover(name, Kind.BUFFER, "state of the optimiser");
        }
        String end = name.substring(name.lastIndexOf('.') + 1);
        String what = BY_END.get(end);
        if (what != null) {
            return new Leftover(name, Kind.BUFFER, what);
        }
        return isMask(tensor)
                ? new Leftover(name, Kind.BUFFER, "a causal mask")
                : new Leftover(name, Kind.UNKNOWN, "no part of the network that was recognised");
    }

    /** GPT-2 and GPT-NeoX keep [1, 1, length, length] as {@code attn.bias} or {@code attention.bias}. */
    private static boolean isMask(NamedTensor tensor) {
        List<Long> shape = tensor.shape();
        boolean square = shape.size() == 4
                && shape.get(0) == 1
                && shape.get(1) == 1
                && shape.get(2).equals(shape.get(3));
        boolean named = tensor.name().endsWith("attn.bias") || tensor.name().endsWith("attention.bias");
        return square && named || square && tensor.dtype() == Dtype.BOOL;
    }
}
