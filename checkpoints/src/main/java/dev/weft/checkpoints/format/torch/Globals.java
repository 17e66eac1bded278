package dev.weft.checkpoints.format.torch;

import dev.weft.checkpoints.format.Dtype;
import dev.weft.checkpoints.format.torch.Pickled.Dict;
import dev.weft.checkpoints.format.torch.Pickled.Global;
import dev.weft.checkpoints.format.torch.Pickled.Sequence;
import dev.weft.checkpoints.format.torch.Pickled.Storage;
import dev.weft.checkpoints.format.torch.Pickled.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The names that a pickle may use, and what Weft does where Python would call them. Nothing else is accepted and nothing
 * is looked up: a name that is not here has no meaning.
 */
final class Globals {

    /** Types of storages, which say the type of their values. */
    private static final Map<String, Dtype> STORAGES = Map.ofEntries(
            Map.entry("torch.DoubleStorage", Dtype.F64),
            Map.entry("torch.FloatStorage", Dtype.F32),
            Map.entry("torch.HalfStorage", Dtype.F16),
            Map.entry("torch.BFloat16Storage", Dtype.BF16),
            Map.entry("torch.LongStorage", Dtype.I64),
            Map.entry("torch.IntStorage", Dtype.I32),
            Map.entry("torch.ShortStorage", Dtype.I16),
            Map.entry("torch.CharStorage", Dtype.I8),
            Map.entry("torch.ByteStorage", Dtype.U8),
            Map.entry("torch.BoolStorage", Dtype.BOOL),
            Map.entry("torch.ComplexFloatStorage", Dtype.C64),
            Map.entry("torch.storage.UntypedStorage", Dtype.U8));

    /** Types of values, which stand for themselves and are arguments of {@code _rebuild_tensor_v3}. */
    private static final Map<String, Dtype> DTYPES = Map.ofEntries(
            Map.entry("torch.float64", Dtype.F64),
            Map.entry("torch.float32", Dtype.F32),
            Map.entry("torch.float16", Dtype.F16),
            Map.entry("torch.bfloat16", Dtype.BF16),
            Map.entry("torch.int64", Dtype.I64),
            Map.entry("torch.int32", Dtype.I32),
            Map.entry("torch.int16", Dtype.I16),
            Map.entry("torch.int8", Dtype.I8),
            Map.entry("torch.uint64", Dtype.U64),
            Map.entry("torch.uint32", Dtype.U32),
            Map.entry("torch.uint16", Dtype.U16),
            Map.entry("torch.uint8", Dtype.U8),
            Map.entry("torch.bool", Dtype.BOOL),
            Map.entry("torch.complex64", Dtype.C64),
            Map.entry("torch.float8_e4m3fn", Dtype.F8_E4M3),
            Map.entry("torch.float8_e5m2", Dtype.F8_E5M2),
            Map.entry("torch.float8_e8m0fnu", Dtype.F8_E8M0));

    private static final String REBUILD_V2 = "torch._utils._rebuild_tensor_v2";
    private static final String REBUILD_V3 = "torch._utils._rebuild_tensor_v3";
    private static final String PARAMETER = "torch._utils._rebuild_parameter";
    private static final String PARAMETER_WITH_STATE = "torch._utils._rebuild_parameter_with_state";
    private static final String ORDERED_DICT = "collections.OrderedDict";
    private static final String COUNTER = "collections.Counter";
    private static final String SIZE = "torch.Size";
    private static final String DEVICE = "torch.device";
    private static final String ENCODE = "_codecs.encode";
    private static final Set<String> SETS = Set.of("__builtin__.set", "builtins.set");

    private static final Set<String> FUNCTIONS = Set.of(
            REBUILD_V2, REBUILD_V3, PARAMETER, PARAMETER_WITH_STATE, ORDERED_DICT, COUNTER, SIZE, DEVICE, ENCODE);

    private Globals() {}

    /** Returns whether a name may occur. */
    static boolean allows(Global global) {
        String name = global.toString();
        return FUNCTIONS.contains(name)
                || SETS.contains(name)
                || STORAGES.containsKey(name)
                || DTYPES.containsKey(name);
    }

    /** Returns the storage that a persistent id, {@code ("storage", type, key, location, length)}, stands for. */
    static Storage storage(Object id) throws PickleException {
        if (id instanceof Sequence tuple
                && tuple.items.size() == 5
                && "storage".equals(tuple.items.get(0))
                && tuple.items.get(1) instanceof Global type
                && tuple.items.get(2) instanceof String key
                && tuple.items.get(4) instanceof Long length
                && length >= 0) {
            Dtype dtype = STORAGES.get(type.toString());
            if (dtype != null) {
                return new Storage(key, dtype, length);
            }
        }
        throw new PickleException("expected a persistent id of the form ('storage', type, key, location, length)");
    }

    /** Returns what a call would. */
    static Object call(Global function, List<Object> arguments) throws PickleException {
        String name = function.toString();
        if (SETS.contains(name)) {
            return argument(function, arguments, 0, Sequence.class);
        }
        return switch (name) {
            case REBUILD_V2, REBUILD_V3 -> view(function, arguments, name.equals(REBUILD_V3));
            case PARAMETER, PARAMETER_WITH_STATE -> argument(function, arguments, 0, View.class);
            case ORDERED_DICT -> dict(function, arguments);
            case COUNTER -> arguments.isEmpty() ? new Dict() : argument(function, arguments, 0, Dict.class);
            case SIZE -> argument(function, arguments, 0, Sequence.class);
            case DEVICE -> arguments.stream().map(String::valueOf).collect(Collectors.joining(":"));
            case ENCODE ->
                new Pickled.Bytes(argument(function, arguments, 0, String.class).length());
            default -> throw new PickleException("calls '" + name + "', which is no function");
        };
    }

    private static Dict dict(Global function, List<Object> arguments) throws PickleException {
        Dict dict = new Dict();
        if (!arguments.isEmpty()) {
            for (Object item : argument(function, arguments, 0, Sequence.class).items) {
                if (!(item instanceof Sequence pair) || pair.items.size() != 2) {
                    throw new PickleException("calls '" + function + "' with something other than pairs");
                }
                Unpickler.put(dict, pair.items.get(0), pair.items.get(1));
            }
        }
        return dict;
    }

    private static View view(Global function, List<Object> arguments, boolean typed) throws PickleException {
        Storage storage = argument(function, arguments, 0, Storage.class);
        long offset = argument(function, arguments, 1, Long.class);
        List<Long> shape = longs(argument(function, arguments, 2, Sequence.class));
        List<Long> strides = longs(argument(function, arguments, 3, Sequence.class));
        Dtype dtype = storage.dtype();
        if (typed) {
            Global type = argument(function, arguments, 6, Global.class);
            dtype = DTYPES.get(type.toString());
            if (dtype == null) {
                throw new PickleException("calls '" + function + "' with '" + type + "', which is no type of values");
            }
        }
        return new View(storage, dtype, offset, shape, strides);
    }

    private static List<Long> longs(Sequence tuple) throws PickleException {
        List<Long> values = new ArrayList<>(tuple.items.size());
        for (Object item : tuple.items) {
            if (!(item instanceof Long value) || value < 0) {
                throw new PickleException("expected sizes and strides from 0, found " + Unpickler.describe(item));
            }
            values.add(value);
        }
        return List.copyOf(values);
    }

    private static <T> T argument(Global function, List<Object> arguments, int index, Class<T> type)
            throws PickleException {
        Object argument = index < arguments.size() ? arguments.get(index) : "nothing";
        if (index >= arguments.size() || !type.isInstance(argument)) {
            throw new PickleException("calls '" + function + "' with argument " + index + " being "
                    + (index < arguments.size() ? Unpickler.describe(argument) : "left out") + ", expected a "
                    + type.getSimpleName().toLowerCase(java.util.Locale.ROOT));
        }
        return type.cast(argument);
    }
}
