package dev.weft.checkpoints.format.onnx;

import java.util.List;

/**
 * What is said about an input, an output or a value between.
 *
 * @param type ONNX's name of the element type, for example FLOAT; empty if it is no tensor
 * @param shape empty also if nothing is said
 */
public record OnnxValue(String name, String type, List<Dimension> shape) {

    /**
     * A size.
     *
     * @param size the number, or {@link #UNKNOWN}
     * @param symbol the name of a size that is known only when the model runs, may be empty
     */
    public record Dimension(long size, String symbol) {

        /** In the place of a size that the file does not tell. */
        public static final long UNKNOWN = -1;
    }
}
