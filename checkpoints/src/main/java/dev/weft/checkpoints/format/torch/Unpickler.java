package dev.weft.checkpoints.format.torch;

import dev.weft.checkpoints.format.torch.Pickled.Bytes;
import dev.weft.checkpoints.format.torch.Pickled.Dict;
import dev.weft.checkpoints.format.torch.Pickled.Global;
import dev.weft.checkpoints.format.torch.Pickled.None;
import dev.weft.checkpoints.format.torch.Pickled.Sequence;
import dev.weft.checkpoints.format.torch.Pickled.Storage;
import dev.weft.checkpoints.format.torch.Pickled.View;
import dev.weft.network.FormatException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the pickles of {@code torch.save}, protocols 2 to 5, and runs nothing: opcodes that make objects of classes do
 * not exist here, and the names that may be called are those of {@link Globals}, whose effect is written in Java.
 *
 * <p>A pickle is a program for a stack machine. Each opcode pushes at most one value; the number of containers, the depth
 * of the stack and the numbers of memo entries are bounded by the pickle's length, so memory is too.
 *
 * <p>See Python's {@code pickletools} for the opcodes.
 */
final class Unpickler {

    private static final int OLDEST_PROTOCOL = 2;
    private static final int NEWEST_PROTOCOL = 5;
    private static final int STACK_LIMIT = 1 << 20;
    private static final int CONTAINERS_ALLOWED = 4096;
    private static final int BYTES_PER_CONTAINER = 4;
    private static final int CONTAINER_LIMIT = 1 << 22;

    private final PickleBytes bytes;
    private final int length;
    private final List<Object> stack = new ArrayList<>();
    private final List<Integer> marks = new ArrayList<>();
    private @Nullable Object[] memo = new @Nullable Object[64];
    private int memoized;
    private int containers;

    private Unpickler(byte[] pickle) {
        this.bytes = new PickleBytes(pickle);
        this.length = pickle.length;
    }

    /**
     * Reads a pickle.
     *
     * @param where file and entry, for messages
     */
    static Object read(String where, byte[] pickle) throws FormatException {
        Unpickler unpickler = new Unpickler(pickle);
        int at = 0;
        try {
            int opcode = unpickler.bytes.unsignedByte();
            while (opcode != '.') {
                unpickler.step(opcode);
                at = unpickler.bytes.position();
                opcode = unpickler.bytes.unsignedByte();
            }
            return unpickler.result();
        } catch (PickleException e) {
            String message = "the pickle, at byte " + at + ", " + e.getMessage();
            throw e.unsupported
                    ? new FormatException.Unsupported(where, message)
                    : new FormatException.Corrupt(where, message);
        }
    }

    private Object result() throws PickleException {
        if (stack.size() != 1 || !marks.isEmpty()) {
            throw new PickleException("ends with " + stack.size() + " values on the stack, expected 1");
        }
        return stack.get(0);
    }

    private void step(int opcode) throws PickleException {
        if (!stackOperation(opcode) && !scalar(opcode) && !text(opcode) && !container(opcode)) {
            object(opcode);
        }
    }

    private boolean stackOperation(int opcode) throws PickleException {
        switch (opcode) {
            case 0x80 -> protocol(bytes.unsignedByte());
            case 0x95 -> bytes.signedLong(); // FRAME: the pickle is in memory already
            case '(' -> mark();
            case '0' -> pop();
            case '1' -> popMark();
            case '2' -> push(peek());
            case 'q' -> memoize(bytes.unsignedByte());
            case 'r' -> memoize(bytes.unsignedInt());
            case 0x94 -> memoize(memoized);
            case 'h' -> push(recall(bytes.unsignedByte()));
            case 'j' -> push(recall(bytes.unsignedInt()));
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean scalar(int opcode) throws PickleException {
        switch (opcode) {
            case 'N' -> push(None.NONE);
            case 0x88 -> push(true);
            case 0x89 -> push(false);
            case 'J' -> push((long) bytes.signedInt());
            case 'K' -> push((long) bytes.unsignedByte());
            case 'M' -> push((long) bytes.unsignedShort());
            case 0x8a -> push(bytes.integer(bytes.unsignedByte()));
            case 0x8b -> push(bytes.integer(bytes.signedInt()));
            case 'G' -> push(bytes.real());
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean text(int opcode) throws PickleException {
        switch (opcode) {
            case 'X' -> push(bytes.utf8(bytes.unsignedInt()));
            case 0x8c -> push(bytes.utf8(bytes.unsignedByte()));
            case 0x8d -> push(bytes.utf8(bytes.signedLong()));
            case 'T' -> push(bytes.latin(bytes.signedInt()));
            case 'U' -> push(bytes.latin(bytes.unsignedByte()));
            case 'B' -> push(new Bytes(bytes.skip(bytes.unsignedInt())));
            case 'C' -> push(new Bytes(bytes.skip(bytes.unsignedByte())));
            case 0x8e, 0x96 -> push(new Bytes(bytes.skip(bytes.signedLong())));
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean container(int opcode) throws PickleException {
        switch (opcode) {
            case ']', 0x8f -> pushContainer(Sequence.list());
            case ')' -> pushContainer(new Sequence(List.of(), true));
            case '}' -> pushContainer(new Dict());
            case 'l', 0x91 -> pushContainer(new Sequence(popMark(), false));
            case 't' -> pushContainer(new Sequence(popMark(), true));
            case 0x85 -> pushContainer(new Sequence(pop(1), true));
            case 0x86 -> pushContainer(new Sequence(pop(2), true));
            case 0x87 -> pushContainer(new Sequence(pop(3), true));
            case 'd' -> {
                List<Object> items = popMark();
                pushContainer(new Dict());
                putAll(items);
            }
            case 'a' -> append(pop(1));
            case 'e', 0x90 -> append(popMark());
            case 's' -> putAll(pop(2));
            case 'u' -> putAll(popMark());
            default -> {
                return false;
            }
        }
        return true;
    }

    private void object(int opcode) throws PickleException {
        switch (opcode) {
            case 'c' -> global(bytes.line(), bytes.line());
            case 0x93 -> {
                Object name = pop();
                Object module = pop();
                if (!(module instanceof String m) || !(name instanceof String n)) {
                    throw new PickleException("names something by " + describe(module) + " and " + describe(name));
                }
                global(m, n);
            }
            case 'Q' -> push(Globals.storage(pop()));
            case 'R' -> reduce();
            case 'b' -> build();
            case 0x81, 0x92, 'i', 'o' ->
                throw new PickleException(
                        "makes an object of a class"
                                + (stack.size() > 1 && stack.get(stack.size() - 2) instanceof Global global
                                        ? " (" + global + ")"
                                        : "")
                                + ", which Weft does not do; save a state dict instead",
                        true);
            default ->
                throw new PickleException(
                        String.format("has the opcode 0x%02x, which torch.save does not use", opcode), true);
        }
    }

    private void protocol(int protocol) throws PickleException {
        if (protocol < OLDEST_PROTOCOL || protocol > NEWEST_PROTOCOL) {
            throw new PickleException(
                    "is of protocol " + protocol + "; Weft reads " + OLDEST_PROTOCOL + " to " + NEWEST_PROTOCOL, true);
        }
    }

    private void global(String module, String name) throws PickleException {
        Global global = new Global(module, name);
        if (!Globals.allows(global)) {
            throw new PickleException(
                    "names '" + global + "', which Weft does not load: it reads tensors, containers, numbers and texts,"
                            + " and never runs code. If you trust the file, load it in Python and save its state"
                            + " dict alone",
                    true);
        }
        push(global);
    }

    private void reduce() throws PickleException {
        Object arguments = pop();
        Object function = pop();
        if (!(function instanceof Global global) || !(arguments instanceof Sequence tuple) || !tuple.isTuple) {
            throw new PickleException("calls " + describe(function) + " with " + describe(arguments));
        }
        pushContainer(Globals.call(global, tuple.items));
    }

    /** Attributes of dicts, {@code _metadata} with the versions of modules, are left out; nothing else may have any. */
    private void build() throws PickleException {
        pop();
        if (!(peek() instanceof Dict)) {
            throw new PickleException("sets attributes of " + describe(peek()) + ", which Weft does not do", true);
        }
    }

    private void append(List<Object> items) throws PickleException {
        if (!(peek() instanceof Sequence list) || list.isTuple) {
            throw new PickleException("appends to " + describe(peek()));
        }
        list.items.addAll(items);
    }

    private void putAll(List<Object> items) throws PickleException {
        if (!(peek() instanceof Dict dict)) {
            throw new PickleException("sets items of " + describe(peek()));
        }
        if (items.size() % 2 != 0) {
            throw new PickleException("sets items of a dict from " + items.size() + " values, expected pairs");
        }
        for (int i = 0; i < items.size(); i += 2) {
            put(dict, items.get(i), items.get(i + 1));
        }
    }

    static void put(Dict dict, Object key, Object value) throws PickleException {
        boolean scalar = key instanceof String
                || key instanceof Long
                || key instanceof Boolean
                || key instanceof Double
                || key instanceof None;
        if (!scalar) {
            throw new PickleException("has a dict with " + describe(key) + " for a key, which has no name", true);
        }
        dict.entries.put(key, value);
    }

    private void push(Object value) throws PickleException {
        if (stack.size() == STACK_LIMIT) {
            throw new PickleException("has more than " + STACK_LIMIT + " values on the stack");
        }
        stack.add(value);
    }

    private void pushContainer(Object value) throws PickleException {
        if (++containers > Math.min(CONTAINERS_ALLOWED + length / BYTES_PER_CONTAINER, CONTAINER_LIMIT)) {
            throw new PickleException("has " + containers + " containers in " + length + " bytes");
        }
        push(value);
    }

    private void mark() throws PickleException {
        if (marks.size() == STACK_LIMIT) {
            throw new PickleException("has more than " + STACK_LIMIT + " marks");
        }
        marks.add(stack.size());
    }

    /** Returns how much of the stack belongs to unfinished containers below. */
    private int floor() {
        return marks.isEmpty() ? 0 : marks.get(marks.size() - 1);
    }

    private Object peek() throws PickleException {
        if (stack.size() <= floor()) {
            throw new PickleException("takes a value from an empty stack");
        }
        return stack.get(stack.size() - 1);
    }

    private Object pop() throws PickleException {
        Object top = peek();
        stack.remove(stack.size() - 1);
        return top;
    }

    private List<Object> pop(int count) throws PickleException {
        if (stack.size() - count < floor()) {
            throw new PickleException("takes " + count + " values from a stack of " + (stack.size() - floor()));
        }
        return cut(stack.size() - count);
    }

    private List<Object> popMark() throws PickleException {
        if (marks.isEmpty()) {
            throw new PickleException("takes values up to a mark that was not set");
        }
        return cut(marks.remove(marks.size() - 1));
    }

    private List<Object> cut(int from) {
        List<Object> top = stack.subList(from, stack.size());
        List<Object> items = new ArrayList<>(top);
        top.clear();
        return items;
    }

    /** Picklers number memo entries from 0 by what they put, so no number passes the pickle's length. */
    private void memoize(long index) throws PickleException {
        if (index >= length) {
            throw new PickleException("memoizes number " + index + " in " + length + " bytes");
        }
        if (index >= memo.length) {
            memo = Arrays.copyOf(memo, (int) Math.min(length, Math.max(index + 1, 2L * memo.length)));
        }
        memo[(int) index] = peek();
        memoized++;
    }

    private Object recall(long index) throws PickleException {
        Object value = index < memo.length ? memo[(int) index] : null;
        if (value == null) {
            throw new PickleException("recalls number " + index + ", which was not memoized");
        }
        return value;
    }

    /** Returns what a value is, for messages; its content may be large or contain itself. */
    static String describe(Object value) {
        if (value instanceof Sequence sequence) {
            return sequence.isTuple ? "a tuple" : "a list";
        } else if (value instanceof Dict) {
            return "a dict";
        } else if (value instanceof View) {
            return "a tensor";
        } else if (value instanceof Storage) {
            return "a storage";
        } else if (value instanceof Bytes) {
            return "bytes";
        } else if (value instanceof String text) {
            return text.length() > 40 ? "a text" : "'" + text + "'";
        } else if (value instanceof BigInteger) {
            return "a large integer";
        }
        return String.valueOf(value);
    }
}
