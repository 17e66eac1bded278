package dev.weft.checkpoints.format.onnx.topology;

import java.util.Arrays;

/** Words for what values mean, for messages. */
final class Descriptions {

    private static final int LONGEST = 200; // characters of a formula

    private Descriptions() {}

    /** Returns a formula, cut off if it is long. */
    static String of(Formula formula) {
        String text = formula.toString();
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
    }

    static String of(Meaning meaning) {
        String shape = Arrays.toString(meaning.shape());
        if (meaning instanceof Fixed fixed) {
            return fixed.source() instanceof Fixed.Source.Stored stored
                    ? "the tensor '" + stored.tensor().name() + "' " + shape
                    : "constants " + shape;
        } else if (meaning instanceof Joined) {
            return "tensors side by side " + shape;
        } else if (meaning instanceof Flow flow) {
            return "a layer's output with axes " + flow.view();
        } else if (meaning instanceof HeadPart) {
            return "some coordinates of each head " + shape;
        } else if (meaning instanceof Scores) {
            return "scores of attention " + shape;
        }
        return "a part of a rotation by position " + shape;
    }
}
