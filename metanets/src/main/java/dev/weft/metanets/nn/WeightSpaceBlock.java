package dev.weft.metanets.nn;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Base of Weft's blocks: the shapes of all parameters are known when the block is made, so that it can be initialised
 * without looking at data.
 *
 * <p>To add a layer: 1. extend this class, final; 2. register values with {@link #parameter} and parts with
 * {@code addChildBlock}; 3. write the forward pass on typed arguments, and {@code forwardInternal} on their list form; 4.
 * give it a test that extends {@code EquivarianceContract}.
 */
public abstract class WeightSpaceBlock extends AbstractBlock {

    /** Registers a trainable value. */
    protected final Parameter parameter(String name, Shape shape, SeededInitializer initializer) {
        return register(name, shape, initializer, true);
    }

    /** Registers a value that is saved with the model, but not trained. */
    protected final Parameter constant(String name, Shape shape, SeededInitializer initializer) {
        return register(name, shape, initializer, false);
    }

    private Parameter register(String name, Shape shape, SeededInitializer initializer, boolean trained) {
        return addParameter(Parameter.builder()
                .setName(name)
                .setType(Parameter.Type.OTHER)
                .optShape(shape)
                .optInitializer(initializer)
                .optRequiresGrad(trained)
                .build());
    }

    @Override
    protected final void initializeChildBlocks(NDManager manager, DataType dataType, Shape... inputShapes) {
        for (Pair<String, Block> child : getChildren()) {
            child.getValue().initialize(manager, dataType, inputShapes);
        }
    }

    /** Multiplies the initial weights of all affine maps below this block; call it before the block is initialised. */
    protected final void scaleInitialWeights(double gain) {
        scale(this, gain);
    }

    private static void scale(Block block, double gain) {
        if (block instanceof Affine affine) {
            affine.scaleInitialWeight(gain);
        }
        block.getChildren().forEach(child -> scale(child.getValue(), gain));
    }

    /** Returns all parameters, this block's and its parts', by dotted name as in {@code layers.0.film.weight}. */
    public final Map<String, Parameter> namedParameters() {
        Map<String, Parameter> named = new LinkedHashMap<>();
        collect("", this, named);
        return named;
    }

    private static void collect(String prefix, Block block, Map<String, Parameter> named) {
        block.getDirectParameters().forEach(pair -> named.put(prefix + pair.getKey(), pair.getValue()));
        for (Pair<String, Block> child : block.getChildren()) {
            // DJL puts a two-digit position before a child's name
            collect(prefix + child.getKey().substring(2) + ".", child.getValue(), named);
        }
    }
}
