package dev.weft.checkpoints.format.torch;

import dev.weft.checkpoints.format.Dtype;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a pickle's values become besides {@link String}, {@link Long}, {@link java.math.BigInteger}, {@link Double} and
 * {@link Boolean}. None compares or hashes its content, which may contain itself.
 */
final class Pickled {

    private Pickled() {}

    /** Python's None. */
    enum None {
        NONE;

        @Override
        public String toString() {
            return "None";
        }
    }

    /** A list, set or, once it is made, tuple. */
    static final class Sequence {
        final List<Object> items;
        final boolean isTuple;

        Sequence(List<Object> items, boolean isTuple) {
            this.items = items;
            this.isTuple = isTuple;
        }

        static Sequence list() {
            return new Sequence(new ArrayList<>(0), false);
        }
    }

    /** A dict or OrderedDict. */
    static final class Dict {
        final Map<Object, Object> entries = new LinkedHashMap<>();
    }

    /** Bytes, of which only the number matters. */
    static final class Bytes {
        final int length;

        Bytes(int length) {
            this.length = length;
        }
    }

    /** A name that may be called or stand for itself. */
    record Global(String module, String name) {
        @Override
        public String toString() {
            return module + "." + name;
        }
    }

    /**
     * The bytes that tensors share.
     *
     * @param key the entry is {@code data/KEY}
     * @param dtype what it holds; U8 for untyped storages
     * @param length number of values
     */
    record Storage(String key, Dtype dtype, long length) {}

    /**
     * A tensor: a view of a storage.
     *
     * @param offset index of the first value in the storage, counted in values of {@code dtype}
     * @param strides in values, one for each axis
     */
    record View(Storage storage, Dtype dtype, long offset, List<Long> shape, List<Long> strides) {}
}
