package dev.weft.checkpoints.format.onnx.topology;

/**
 * Some coordinates of each head, the last axis of a flow: {@code count} of them, every {@code step}th from {@code from}.
 *
 * @param negative whether with the other sign
 * @param column whether there is an axis of size 1 behind them
 */
record HeadPart(Flow flow, int from, int count, int step, boolean negative, boolean column) implements Meaning {

    @Override
    public int[] shape() {
        int[] shape = flow.shape();
        shape[shape.length - 1] = count;
        return column ? Sizes.with(shape, shape.length, 1) : shape;
    }

    HeadPart negated() {
        return new HeadPart(flow, from, count, step, !negative, column);
    }

    HeadPart asColumn() {
        return new HeadPart(flow, from, count, step, negative, true);
    }
}
