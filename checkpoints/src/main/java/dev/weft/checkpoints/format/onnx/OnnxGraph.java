package dev.weft.checkpoints.format.onnx;

import java.util.List;
import java.util.Map;

/**
 * A graph: the model's, or the body of a control-flow node.
 *
 * @param nodes in topological order
 * @param inputs may repeat initializers, which then are defaults
 * @param values what is said about values inside
 * @param initializers by name, in the file's order
 */
public record OnnxGraph(
        String name,
        List<OnnxNode> nodes,
        List<OnnxValue> inputs,
        List<OnnxValue> outputs,
        List<OnnxValue> values,
        Map<String, OnnxTensor> initializers) {}
