package dev.weft.checkpoints.format.onnx.topology;

import java.util.Arrays;
import java.util.function.IntBinaryOperator;

/** Arithmetic on the sizes of axes. Sizes that no array can have are refused. */
final class Sizes {

    private Sizes() {}

    static int product(int[] sizes) {
        int product = 1;
        for (int size : sizes) {
            product = Math.multiplyExact(product, size);
        }
        return product;
    }

    /** Returns the steps of a row-major array. */
    static long[] strides(int[] sizes) {
        long[] strides = new long[sizes.length];
        long step = 1;
        for (int i = sizes.length - 1; i >= 0; i--) {
            strides[i] = step;
            step *= Math.max(1, sizes[i]);
        }
        return strides;
    }

    /** Counts an axis from the front; negative ones count from the back. */
    static int axis(long axis, int rank) {
        long found = axis < 0 ? axis + rank : axis;
        if (found < 0 || found >= rank) {
            throw new IllegalArgumentException("axis " + axis + " is outside a value of rank " + rank);
        }
        return (int) found;
    }

    /** Returns the sizes of two values when the smaller is repeated along the larger. */
    static int[] broadcast(int[] a, int[] b) {
        int[] sizes = new int[Math.max(a.length, b.length)];
        IntBinaryOperator joined = (x, y) -> {
            if (x != y && x != 1 && y != 1) {
                throw new IllegalArgumentException(
                        "shapes " + Arrays.toString(a) + " and " + Arrays.toString(b) + " do not fit");
            }
            return x == 1 ? y : x;
        };
        for (int i = 1; i <= sizes.length; i++) {
            sizes[sizes.length - i] =
                    joined.applyAsInt(i <= a.length ? a[a.length - i] : 1, i <= b.length ? b[b.length - i] : 1);
        }
        return sizes;
    }

    static int[] with(int[] sizes, int axis, int size) {
        int[] all = new int[sizes.length + 1];
        for (int i = 0; i < all.length; i++) {
            all[i] = i == axis ? size : sizes[i < axis ? i : i - 1];
        }
        return all;
    }

    static long[] with(long[] steps, int axis, long step) {
        long[] all = new long[steps.length + 1];
        for (int i = 0; i < all.length; i++) {
            all[i] = i == axis ? step : steps[i < axis ? i : i - 1];
        }
        return all;
    }

    static int[] without(int[] sizes, int axis) {
        int[] rest = new int[sizes.length - 1];
        for (int i = 0; i < rest.length; i++) {
            rest[i] = sizes[i < axis ? i : i + 1];
        }
        return rest;
    }

    static long[] without(long[] steps, int axis) {
        long[] rest = new long[steps.length - 1];
        for (int i = 0; i < rest.length; i++) {
            rest[i] = steps[i < axis ? i : i + 1];
        }
        return rest;
    }

    /** Returns the sizes that Reshape makes: 0 keeps a size, -1 stands for what is left. */
    static int[] reshape(int[] from, int[] asked, boolean zeros) {
        int[] sizes = asked.clone();
        int open = -1;
        int known = 1;
        for (int i = 0; i < sizes.length; i++) {
            if (sizes[i] == 0 && !zeros) {
                sizes[i] = from[axis(i, from.length)];
            }
            if (sizes[i] == -1) {
                open = i;
            } else {
                known = Math.multiplyExact(known, sizes[i]);
            }
        }
        int all = product(from);
        if (open >= 0 && known > 0) {
            sizes[open] = all / known;
        }
        if (Arrays.stream(sizes).anyMatch(size -> size < 0) || product(sizes) != all) {
            throw new IllegalArgumentException(
                    "a value of shape " + Arrays.toString(from) + " cannot be reshaped to " + Arrays.toString(asked));
        }
        return sizes;
    }
}
