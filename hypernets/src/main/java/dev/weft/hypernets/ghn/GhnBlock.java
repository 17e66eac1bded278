package dev.weft.hypernets.ghn;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import dev.weft.metanets.nn.WeightSpaceBlock;
import org.jspecify.annotations.Nullable;

/** A part of a graph hypernetwork. What it reads are graphs, so it has no form on lists of arrays. */
abstract class GhnBlock extends WeightSpaceBlock {

    @Override
    protected final NDList forwardInternal(
            ParameterStore store, NDList inputs, boolean training, @Nullable PairList<String, Object> params) {
        throw new UnsupportedOperationException(getClass().getSimpleName() + " reads graphs, not lists of arrays");
    }

    @Override
    public final Shape[] getOutputShapes(Shape[] inputs) {
        throw new UnsupportedOperationException(getClass().getSimpleName() + " reads graphs, not lists of arrays");
    }
}
