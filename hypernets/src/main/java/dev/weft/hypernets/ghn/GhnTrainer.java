package dev.weft.hypernets.ghn;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.weft.graph.ComputationGraph;
import dev.weft.metanets.task.AdamW;
import dev.weft.metanets.task.RoundLoop;
import dev.weft.network.Architecture;
import dev.weft.network.Seed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Trains a graph hypernetwork by the loss of the networks that it writes; no trained networks are needed. Order of use: {@link
 * GhnRun#create}, construct, {@link #train}; to resume, {@link GhnRun#open}, construct, {@link #train} again.
 *
 * <p>A step draws images and architectures, both from seeds of the step's own. Behind each round of steps the hypernetwork
 * writes the validation networks; their mean accuracy selects the model that is kept.
 */
public final class GhnTrainer {

    /** Figures of the validation networks, means over them. */
    public static final String ACCURACY = "accuracy";

    public static final String LOSS = "loss";

    private static final int MAX_ATTEMPTS = 100;

    private final GhnRun run;
    private final Function<Seed, Architecture> networks;
    private final LabelledImages images;
    private final List<Architecture> validation;
    private final LabelledImages validationImages;

    /**
     * @param run where to write
     * @param networks draws an architecture to train on, without running moments
     * @param images to train on
     * @param validation architectures, which training does not draw
     * @param validationImages apart from those to train on
     */
    public GhnTrainer(
            GhnRun run,
            Function<Seed, Architecture> networks,
            LabelledImages images,
            List<Architecture> validation,
            LabelledImages validationImages) {
        if (validation.isEmpty() || images.size() == 0 || validationImages.size() == 0) {
            throw new IllegalArgumentException(
                    "expected validation networks and images for both, got " + validation.size() + " networks, "
                            + images.size() + " and " + validationImages.size() + " images");
        }
        this.run = run;
        this.networks = networks;
        this.images = images;
        this.validation = List.copyOf(validation);
        this.validationImages = validationImages;
    }

    /**
     * Trains to the end, or until told to stop.
     *
     * @param interrupted asked behind each step; when true, the round is dropped and training can be resumed
     */
    public RoundLoop.Outcome train(RoundLoop.Listener listener, BooleanSupplier interrupted) throws IOException {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            GraphHyperNetwork model = run.config().build();
            model.initialize(manager, DataType.FLOAT32);
            GhnTraining training = run.config().training();
            try (AdamW optimizer =
                    new AdamW(manager, model.namedParameters().values(), training.weightDecay(), false)) {
                return new RoundLoop(run.files(), model, optimizer, training, new WrittenNetworks(manager, model))
                        .train(listener, interrupted);
            }
        }
    }

    /** What is learned: to write networks. */
    private final class WrittenNetworks implements RoundLoop.Learner {
        private final NDManager manager;
        private final GraphHyperNetwork model;
        private final GhnTraining training = run.config().training();
        private final Seed seed = new Seed(run.config().provenance().seed()).split("training");

        WrittenNetworks(NDManager manager, GraphHyperNetwork model) {
            this.manager = manager;
            this.model = model;
        }

        @Override
        public double accumulate(long step) {
            Seed stepSeed = seed.split(step);
            MetaBatch batch = draw(stepSeed.split("networks"));
            int[] numbers = stepSeed.split("images")
                    .random()
                    .ints(training.images(), 0, images.size())
                    .toArray();
            try (NDManager sub = manager.newSubManager()) {
                return batch.accumulate(
                                model, images.images(sub, numbers), images.labels(numbers), training.normWeight())
                        .mean();
            }
        }

        private MetaBatch draw(Seed drawSeed) {
            for (int attempt = 0; ; attempt++) {
                List<Architecture> architectures = new ArrayList<>();
                List<ComputationGraph> graphs = new ArrayList<>();
                int nodes = 0;
                for (int i = 0; i < training.networks(); i++) {
                    Architecture architecture =
                            networks.apply(drawSeed.split(attempt).split(i));
                    architectures.add(architecture);
                    graphs.add(ComputationGraph.of(architecture));
                    nodes += graphs.get(i).nodes().size();
                }
                if (nodes <= training.maxNodes()) {
                    return new MetaBatch(architectures, graphs);
                }
                if (attempt == MAX_ATTEMPTS - 1) {
                    throw new IllegalArgumentException(training.networks() + " networks have more than maxNodes = "
                            + training.maxNodes() + " nodes in " + MAX_ATTEMPTS + " draws");
                }
            }
        }

        @Override
        public Map<String, Double> validate() {
            double right = 0;
            double losses = 0;
            for (Architecture architecture : validation) {
                PredictedAccuracy found = PredictedAccuracy.of(model, manager, architecture, validationImages);
                right += found.accuracy();
                losses += found.loss();
            }
            Map<String, Double> figures = new LinkedHashMap<>();
            figures.put(ACCURACY, right / validation.size());
            figures.put(LOSS, losses / validation.size());
            return figures;
        }

        @Override
        public String selection() {
            return ACCURACY;
        }

        @Override
        public boolean higherIsBetter() {
            return true;
        }
    }
}
