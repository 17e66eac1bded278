package dev.weft.metanets.nowcast.train;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.weft.checkpoints.Split;
import dev.weft.checkpoints.Zoo;
import dev.weft.metanets.nowcast.PlainForecaster;
import dev.weft.metanets.task.AdamW;
import dev.weft.metanets.task.RoundLoop;
import dev.weft.network.Architecture;
import dev.weft.network.FormatException;
import dev.weft.network.Seed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Trains a forecasting network on trajectories. Order of use: {@link NowcastRun#plan}, construct, which checks the
 * zoos, {@link NowcastRun#begin}, {@link #train}; to resume, {@link NowcastRun#open}, construct, {@link #train} again.
 *
 * <p>A step draws runs from the zoos' training split and windows from each; windows of one architecture are a dense batch,
 * and gradients add up over the batches. The test split is never read. Differences from the reference: the
 * nodes' Laplacian encodings are zeros, every tensor is scaled by itself (the reference takes all of a GPT-2 together here, but
 * not in forecasts), and computation is in float32.
 */
public final class NowcastTrainer {

    /** Figures of the validation windows: the mean absolute error of the scaled values, and of saying that they stay. */
    public static final String ERROR = "error";

    public static final String LAST_ERROR = "last_error";

    private final NowcastRun run;
    private final WindowSampler training;
    private final WindowSampler validation;
    private final Map<Architecture, EdgeValues> values = new LinkedHashMap<>();

    /**
     * @param run where to write
     * @param zoos trajectories; a step's runs are drawn from all of them alike
     * @throws IllegalArgumentException if a network cannot be wired, or a zoo has no run that is long enough
     */
    public NowcastTrainer(NowcastRun run, List<Zoo> zoos) throws FormatException {
        this.run = run;
        NowcastTraining settings = run.config().training();
        int horizons = run.config().model().horizons();
        training = new WindowSampler(zoos, Split.TRAIN, settings, horizons);
        validation = new WindowSampler(zoos, Split.VAL, settings, horizons);
        Stream.of(training, validation)
                .flatMap(sampler -> sampler.architectures().stream())
                .forEach(architecture -> values.computeIfAbsent(
                        architecture,
                        each -> new EdgeValues(run.config().model().wire(each))));
    }

    /**
     * Trains to the end, or until told to stop.
     *
     * @param interrupted asked behind each step; when true, the round is dropped and training can be resumed
     */
    public RoundLoop.Outcome train(RoundLoop.Listener listener, BooleanSupplier interrupted) throws IOException {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            Seed seed = new Seed(run.config().provenance().seed());
            PlainForecaster model = run.config().model().build(seed.split("model"));
            model.initialize(manager, DataType.FLOAT32);
            NowcastTraining settings = run.config().training();
            try (AdamW optimizer =
                    new AdamW(manager, model.namedParameters().values(), settings.weightDecay(), false)) {
                Windows windows = new Windows(new ForecastError(model, manager), seed.split("training"));
                return new RoundLoop(run.files(), model, optimizer, settings, windows).train(listener, interrupted);
            }
        }
    }

    /** Puts windows of one architecture together, as many as may be processed at once. */
    private List<WindowBatch> batches(List<WindowSampler.Windows> drawn) throws FormatException {
        Map<Architecture, List<float[][]>> byArchitecture = new LinkedHashMap<>();
        for (WindowSampler.Windows windows : drawn) {
            byArchitecture
                    .computeIfAbsent(windows.architecture(), architecture -> new ArrayList<>())
                    .addAll(windows.states());
        }
        int most = run.config().training().windowsAtOnce();
        int horizons = run.config().model().horizons();
        List<WindowBatch> batches = new ArrayList<>();
        for (Map.Entry<Architecture, List<float[][]>> each : byArchitecture.entrySet()) {
            EdgeValues own = Objects.requireNonNull(values.get(each.getKey()));
            List<float[][]> states = each.getValue();
            for (int begin = 0; begin < states.size(); begin += most) {
                batches.add(
                        WindowBatch.of(own, states.subList(begin, Math.min(states.size(), begin + most)), horizons));
            }
        }
        return batches;
    }

    /** What is learned: windows. */
    private final class Windows implements RoundLoop.Learner {
        private final ForecastError error;
        private final Seed seed;

        Windows(ForecastError error, Seed seed) {
            this.error = error;
            this.seed = seed;
        }

        @Override
        public double accumulate(long step) throws IOException {
            List<WindowSampler.Windows> drawn = new ArrayList<>();
            for (int i = 0; i < run.config().training().trajectories(); i++) {
                drawn.add(training.draw(seed.split(step).split(i)));
            }
            List<WindowBatch> batches = batches(drawn);
            long count = batches.stream().mapToLong(WindowBatch::count).sum();
            double loss = 0;
            for (WindowBatch batch : batches) {
                loss += error.accumulate(batch, 1.0 / count);
            }
            return loss;
        }

        @Override
        public Map<String, Double> validate() throws IOException {
            long count = 0;
            double sum = 0;
            double last = 0;
            List<TrajectoryRun> held = validation.runs();
            int most = run.config().training().validationWindows();
            for (int i = 0; i < held.size(); i++) {
                WindowSampler.Windows windows = validation.spread(
                        held.get(i), most, seed.split("validation").split(i));
                for (WindowBatch batch : batches(List.of(windows))) {
                    count += batch.count();
                    sum += error.sum(batch);
                    last += batch.totalDisplacement();
                }
            }
            Map<String, Double> figures = new LinkedHashMap<>();
            figures.put(ERROR, sum / count);
            figures.put(LAST_ERROR, last / count);
            return figures;
        }

        @Override
        public String selection() {
            return ERROR;
        }
    }
}
