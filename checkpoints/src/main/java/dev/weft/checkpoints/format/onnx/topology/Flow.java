package dev.weft.checkpoints.format.onnx.topology;

/**
 * A value that depends on the input: a layer's output, arithmetic on it, seen through a view.
 *
 * @param layer its number in {@link Drafts}, or {@link Drafts#INPUT}
 * @param formula what was done to each value since
 * @param view of the layer's output
 */
record Flow(int layer, Formula formula, View view) implements Meaning {

    Flow(int layer, View view) {
        this(layer, Formula.X, view);
    }

    @Override
    public int[] shape() {
        return view.shape();
    }

    Flow through(View other) {
        return new Flow(layer, formula, other);
    }

    Flow with(Formula other) {
        return new Flow(layer, other, view);
    }
}
