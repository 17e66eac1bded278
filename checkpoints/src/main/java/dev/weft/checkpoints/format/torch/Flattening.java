package dev.weft.checkpoints.format.torch;

import dev.weft.checkpoints.format.torch.Pickled.Dict;
import dev.weft.checkpoints.format.torch.Pickled.Sequence;
import dev.weft.checkpoints.format.torch.Pickled.View;
import dev.weft.network.FormatException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Gives dotted names to what nested containers hold: {@code {"model": {"a.weight": tensor}, "epoch": 3}} has the tensor
 * {@code model.a.weight} and the text {@code epoch} = {@code 3}. Lists without tensors become one text. Containers may be
 * shared or contain themselves, so depth and total work are bounded.
 */
final class Flattening {

    private static final int DEPTH_LIMIT = 100;

    /** Characters of names and texts, for each byte of the pickle and in any case. */
    private static final int CHARACTERS_PER_BYTE = 8;

    private static final int CHARACTERS_ALLOWED = 1 << 16;

    /** What a file is called that holds one tensor, or one value, and no containers. */
    private static final String TENSOR = "tensor";

    private static final String VALUE = "value";

    private final String where;
    private final Map<String, View> tensors = new LinkedHashMap<>();
    private final Map<String, String> texts = new LinkedHashMap<>();
    private long characters;

    private Flattening(String where, int pickleLength) {
        this.where = where;
        this.characters = CHARACTERS_ALLOWED + (long) CHARACTERS_PER_BYTE * pickleLength;
    }

    /**
     * What was found.
     *
     * @param tensors in the order of the containers
     * @param texts numbers and texts by name
     */
    record Flat(Map<String, View> tensors, Map<String, String> texts) {}

    /**
     * Flattens a value.
     *
     * @param where file and entry, for messages
     * @param pickleLength length of what the value was read from, which bounds the work
     */
    static Flat of(String where, Object root, int pickleLength) throws FormatException {
        Flattening flattening = new Flattening(where, pickleLength);
        flattening.visit("", root, 0);
        return new Flat(flattening.tensors, flattening.texts);
    }

    private void visit(String name, Object value, int depth) throws FormatException {
        if (depth > DEPTH_LIMIT) {
            throw new FormatException.Unsupported(
                    where, "containers are nested deeper than " + DEPTH_LIMIT + " or contain themselves");
        }
        spend(name.length() + 1);
        if (value instanceof View view) {
            if (tensors.putIfAbsent(name.isEmpty() ? TENSOR : name, view) != null) {
                throw new FormatException.Unsupported(where, "two tensors would be called '" + name + "'");
            }
        } else if (value instanceof Dict dict) {
            for (Map.Entry<Object, Object> entry : dict.entries.entrySet()) {
                visit(join(name, String.valueOf(entry.getKey())), entry.getValue(), depth + 1);
            }
        } else if (value instanceof Sequence sequence && holdsTensors(sequence, depth)) {
            int index = 0;
            for (Object item : sequence.items) {
                visit(join(name, String.valueOf(index++)), item, depth + 1);
            }
        } else {
            StringBuilder text = new StringBuilder();
            write(value, text, depth);
            if (texts.putIfAbsent(name.isEmpty() ? VALUE : name, text.toString()) != null) {
                throw new FormatException.Unsupported(where, "two values would be called '" + name + "'");
            }
        }
    }

    private static String join(String prefix, String name) {
        return prefix.isEmpty() ? name : prefix + "." + name;
    }

    /** Returns whether a list has a tensor or a dict in it, or in lists in it. */
    private boolean holdsTensors(Sequence sequence, int depth) throws FormatException {
        for (Object item : sequence.items) {
            spend(1);
            boolean holds = item instanceof View
                    || item instanceof Dict
                    || (item instanceof Sequence inner && depth < DEPTH_LIMIT && holdsTensors(inner, depth + 1));
            if (holds) {
                return true;
            }
        }
        return false;
    }

    private void write(Object value, StringBuilder text, int depth) throws FormatException {
        if (depth > DEPTH_LIMIT) {
            throw new FormatException.Unsupported(
                    where, "lists are nested deeper than " + DEPTH_LIMIT + " or contain themselves");
        }
        int before = text.length();
        if (value instanceof Sequence sequence) {
            text.append('[');
            for (Iterator<Object> items = sequence.items.iterator(); items.hasNext(); ) {
                write(items.next(), text, depth + 1);
                text.append(items.hasNext() ? ", " : "");
            }
            text.append(']');
            spend(2L + 2L * sequence.items.size());
        } else {
            text.append(value instanceof Pickled.Bytes bytes ? bytes.length + " bytes" : scalar(value));
            spend(text.length() - before);
        }
    }

    private static String scalar(Object value) {
        return value instanceof Pickled.Storage ? "a storage" : String.valueOf(value);
    }

    private void spend(long count) throws FormatException {
        characters -= count;
        if (characters < 0) {
            throw new FormatException.Unsupported(
                    where,
                    "containers that share each other would be written out to many times the length of the pickle");
        }
    }
}
