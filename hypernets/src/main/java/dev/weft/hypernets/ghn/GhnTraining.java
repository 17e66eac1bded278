package dev.weft.hypernets.ghn;

import dev.weft.metanets.task.RoundLoop;

/**
 * How a graph hypernetwork is trained.
 *
 * @param steps of the optimizer
 * @param stepsPerRound steps between two looks at the validation networks
 * @param networks m, architectures a step
 * @param images b, images a step, shared by the networks
 * @param maxNodes most nodes of the networks of a step; larger draws are drawn anew
 * @param learningRate of AdamW; a tenth behind {@link #FIRST_DROP} of the steps, a hundredth behind {@link #SECOND_DROP}
 * @param weightDecay decoupled
 * @param clipNorm largest norm of the gradient, 0 for no clipping
 * @param normWeight weight of the predicted tensors' norms in the loss
 */
public record GhnTraining(
        int steps,
        int stepsPerRound,
        int networks,
        int images,
        int maxNodes,
        double learningRate,
        double weightDecay,
        double clipNorm,
        double normWeight)
        implements RoundLoop.Plan {

    /** Share of the steps behind which the learning rate is a tenth. */
    public static final double FIRST_DROP = 0.66;

    /** Share of the steps behind which it is a hundredth. */
    public static final double SECOND_DROP = 0.9;

    /** For GHN-2 on small networks. */
    public static final GhnTraining DEFAULT = new GhnTraining(5000, 250, 4, 32, 2200, 1e-3, 0, 5, 0);

    public GhnTraining {
        if (steps < 1 || stepsPerRound < 1 || networks < 1 || images < 1 || maxNodes < 1) {
            throw new IllegalArgumentException(
                    "ghn training: steps, stepsPerRound, networks, images and maxNodes must be"
                            + " positive, got " + steps + ", " + stepsPerRound + ", " + networks + ", " + images
                            + " and "
                            + maxNodes);
        }
        if (!(learningRate > 0) || Double.isInfinite(learningRate)) {
            throw new IllegalArgumentException(
                    "ghn training: learningRate: expected a positive number, got " + learningRate);
        }
        notNegative("weightDecay", weightDecay);
        notNegative("clipNorm", clipNorm);
        notNegative("normWeight", normWeight);
    }

    private static void notNegative(String name, double value) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(
                    "ghn training: " + name + ": expected a number of at least 0, got " + value);
        }
    }

    @Override
    public double learningRate(long step) {
        double drop = step < FIRST_DROP * steps ? 1 : step < SECOND_DROP * steps ? 0.1 : 0.01;
        return learningRate * drop;
    }
}
