/**
 * From an ONNX graph to an architecture: {@link dev.weft.checkpoints.format.onnx.topology.OnnxTopology} reads what the
 * graph computes, {@link dev.weft.checkpoints.format.onnx.topology.OnnxNetwork} is the architecture with the places of its
 * parameters in the file.
 *
 * <p>Exporters write one layer in many ways, so nodes are not matched against templates. The graph is run once with values
 * that stand for what they mean: tensors that do not depend on the input are computed ({@code Fixed}); what depends on it
 * is a layer's output ({@code Flow}), whose axes are followed through every reshape and transpose ({@code View}) and whose
 * elementwise arithmetic is collected ({@code Formula}) until a layer is needed, and then recognised by its values.
 */
@NullMarked
package dev.weft.checkpoints.format.onnx.topology;

import org.jspecify.annotations.NullMarked;
