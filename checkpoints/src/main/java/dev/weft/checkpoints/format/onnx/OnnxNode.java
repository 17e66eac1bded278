package dev.weft.checkpoints.format.onnx;

import java.util.List;
import java.util.Map;

/**
 * An operator's use.
 *
 * @param name may be empty
 * @param domain of the operator; empty for ONNX's own
 * @param inputs names of values; empty where an optional one is left out
 * @param outputs names of values
 */
public record OnnxNode(
        String name,
        String domain,
        String operator,
        List<String> inputs,
        List<String> outputs,
        Map<String, OnnxAttribute> attributes) {}
