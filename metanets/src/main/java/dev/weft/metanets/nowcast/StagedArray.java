package dev.weft.metanets.nowcast;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Native memory through which one small array after another goes to the engine: DJL would allocate some for each, which
 * only the garbage collector frees.
 */
final class StagedArray {

    private final NDManager manager;
    private final ByteBuffer memory;

    /** @param values the most that an array has */
    StagedArray(NDManager manager, int values) {
        this.manager = manager;
        memory = manager.allocateDirect(Math.multiplyExact(values, Float.BYTES)).order(ByteOrder.nativeOrder());
    }

    /** Returns the first values of {@code values} as an array that holds until the next call. */
    NDArray put(float[] values, Shape shape) {
        memory.clear().limit((int) shape.size() * Float.BYTES);
        memory.asFloatBuffer().put(values, 0, (int) shape.size());
        return manager.create(memory, shape, DataType.FLOAT32);
    }
}
