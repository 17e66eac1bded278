package dev.weft.checkpoints.format.onnx.topology;

/**
 * The products of queries and keys [..., length, length'], and what was done to them.
 *
 * @param queries [..., length, k]
 * @param keys [..., k, length']
 * @param scale factor of the products
 * @param causal whether positions ahead are masked
 * @param normalised whether behind the softmax
 */
record Scores(Flow queries, Flow keys, double scale, boolean causal, boolean normalised) implements Meaning {

    @Override
    public int[] shape() {
        int[] shape = queries.shape();
        int[] other = keys.shape();
        shape[shape.length - 1] = other[other.length - 1];
        return shape;
    }

    Scores scaled(double factor) {
        return new Scores(queries, keys, scale * factor, causal, normalised);
    }

    Scores masked() {
        return new Scores(queries, keys, scale, true, normalised);
    }

    Scores behindSoftmax() {
        return new Scores(queries, keys, scale, causal, true);
    }
}
