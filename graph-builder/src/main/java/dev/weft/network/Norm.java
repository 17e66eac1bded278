package dev.weft.network;

/** Normalisation of each neuron, of groups of neurons, or of all, followed by a gain and a shift. */
public sealed interface Norm extends Layer {

    /** Returns the added constant under the root. */
    double epsilon();

    /**
     * y = gain (x - mean) / sqrt(variance + epsilon) + shift for each channel, with the moments of the training data
     * ({@code running_mean}, {@code running_var}: part of the row, not trained) or, without {@code running}, of the batch.
     *
     * @param affine whether there are gain ({@code weight}) and shift ({@code bias})
     * @param running whether the moments are kept
     */
    record BatchNorm(int size, double epsilon, boolean affine, boolean running) implements Norm {
        public BatchNorm {
            Checks.positive("batch_norm", "size", size);
            Checks.epsilon("batch_norm", epsilon);
        }
    }

    /**
     * Each run of {@code size} neurons is brought to mean 0 and variance 1: all neurons of a position, or the coordinates of
     * each attention head, which then share gain and shift [size].
     *
     * @param affine whether there is a gain
     * @param bias whether there is a shift too
     */
    record LayerNorm(int size, double epsilon, boolean affine, boolean bias) implements Norm {
        public LayerNorm {
            Checks.positive("layer_norm", "size", size);
            Checks.epsilon("layer_norm", epsilon);
            if (bias && !affine) {
                throw new IllegalArgumentException("layer_norm: there is no shift without a gain");
            }
        }
    }

    /** Each of {@code groups} runs of channels is brought to mean 0 and variance 1 over all its positions. */
    record GroupNorm(int groups, int size, double epsilon, boolean affine) implements Norm {
        public GroupNorm {
            Checks.positive("group_norm", "groups", groups);
            Checks.positive("group_norm", "size", size);
            Checks.divides("group_norm", "groups", groups, "size", size);
            Checks.epsilon("group_norm", epsilon);
        }
    }

    /** y = gain x / sqrt(mean(x^2) + epsilon) over each run of {@code size} neurons, as in {@link LayerNorm}. */
    record RmsNorm(int size, double epsilon) implements Norm {
        public RmsNorm {
            Checks.positive("rms_norm", "size", size);
            Checks.epsilon("rms_norm", epsilon);
        }
    }

    /**
     * y = (1 + gain) x / sqrt(mean(x^2) + epsilon), as Gemma keeps its gains. The 1 leaves the gain no freedom of scale.
     */
    record OffsetRmsNorm(int size, double epsilon) implements Norm {
        public OffsetRmsNorm {
            Checks.positive("offset_rms_norm", "size", size);
            Checks.epsilon("offset_rms_norm", epsilon);
        }
    }
}
