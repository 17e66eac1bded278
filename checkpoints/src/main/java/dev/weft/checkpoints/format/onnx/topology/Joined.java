package dev.weft.checkpoints.format.onnx.topology;

import java.util.List;

/**
 * Parameters of the file side by side along an axis, as exporters lay out the gates of recurrent layers.
 *
 * @param shape sizes of the whole
 */
record Joined(List<Fixed> parts, int axis, int[] shape) implements Meaning {

    Joined unsqueezed(int at) {
        List<Fixed> moved = parts.stream().map(part -> part.unsqueezed(at)).toList();
        return new Joined(moved, at <= axis ? axis + 1 : axis, Sizes.with(shape, at, 1));
    }
}
