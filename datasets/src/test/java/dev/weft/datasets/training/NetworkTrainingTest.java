package dev.weft.datasets.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.weft.datasets.image.Digits;
import dev.weft.datasets.image.ImageSource;
import dev.weft.datasets.text.CharacterText;
import dev.weft.network.Architecture;
import dev.weft.network.Input;
import dev.weft.network.Layer;
import dev.weft.network.Mlp;
import dev.weft.network.Seed;
import dev.weft.network.family.Gpt2;
import dev.weft.network.family.PlainCnn;
import dev.weft.network.train.LearningRate;
import dev.weft.network.train.OptimizerRule;
import dev.weft.network.train.ParameterInit;
import dev.weft.network.train.RowOptimizer;
import dev.weft.network.train.WeightDecay;
import dev.weft.testing.Rows;
import dev.weft.testing.TorchFixture;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What PyTorch's training leads to is in files that src/test/python/training_fixtures.py makes. */
class NetworkTrainingTest {

    private static final Architecture CONV = PlainCnn.nino(new Input.Image(1, 9, 9), List.of(3, 4, 4), 3);
    private static final Architecture GPT =
            Gpt2.of(new Gpt2.Config(new Input.Tokens(7, 6), 8, 2, 2, true, false, new Layer.GeluTanh()));
    private static final OptimizerRule ADAMW = new OptimizerRule.AdamW(0.9, 0.999, 1e-3, new WeightDecay(0.1, true));
    private static final OptimizerRule SGD = new OptimizerRule.Sgd(0.9, false, WeightDecay.NONE);

    @Test
    void trainsAConvolutionalNetworkAsPyTorchDoes() throws IOException {
        assertAgrees("training-conv", CONV, DataType.FLOAT32);
    }

    @Test
    void trainsATransformerAsPyTorchDoes() throws IOException {
        assertAgrees("training-gpt", GPT, DataType.INT64);
    }

    private static void assertAgrees(String name, Architecture network, DataType inputs) throws IOException {
        TorchFixture fixture = TorchFixture.read(name);
        double[] start = fixture.row(network);
        assertEnd(fixture, network, inputs, ADAMW, 0.01, "adamw.", start);
        assertEnd(fixture, network, inputs, SGD, 0.1, "sgd.", start);
    }

    /** Takes the fixture's three steps, beside a second network that trains otherwise. */
    private static void assertEnd(
            TorchFixture fixture,
            Architecture network,
            DataType type,
            OptimizerRule rule,
            double rate,
            String prefix,
            double[] start) {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray inputs = fixture.inputs(manager).toType(type, false);
            NDArray answers = fixture.tensor(manager, "fixture.answers").toType(DataType.INT64, false);
            FixedExamples task = new FixedExamples(inputs, answers);
            TrainingRecipe recipe =
                    new TrainingRecipe(ParameterInit.TORCH, task.size(), rule, LearningRate.constant(rate), 3);
            try (NetworkTraining training = new NetworkTraining(
                    manager, task, network, recipe, List.of(new Seed(1), new Seed(2)), (owner, architecture, rows) -> {
                        rows.set(twice(start, rows.get(1).toFloatArray()));
                        return rule.start(owner, architecture, rows);
                    })) {
                List<Double> losses = new ArrayList<>();
                for (int step = 0; step < 3; step++) {
                    training.step();
                    losses.add(training.takeTrainingLosses()[0]);
                }
                double[] end = doubles(training.parameters().get(0));
                double[] expected = fixture.row(network, prefix);
                assertTrue(
                        Rows.relativeDifference(expected, end) < 2e-5,
                        "end: " + Rows.relativeDifference(expected, end));
                assertTrue(Rows.relativeDifference(start, expected) > 1e-3, "nothing moved");
                if (rule == ADAMW) {
                    float[] wanted = fixture.tensor(manager, "fixture.losses").toFloatArray();
                    for (int step = 0; step < 3; step++) {
                        assertEquals(wanted[step], losses.get(step), 2e-6);
                    }
                }
            }
        }
    }

    private static float[] twice(double[] first, float[] second) {
        float[] both = new float[first.length + second.length];
        for (int i = 0; i < first.length; i++) {
            both[i] = (float) first[i];
        }
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static double[] doubles(float[] values) {
        double[] doubles = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            doubles[i] = values[i];
        }
        return doubles;
    }

    private static ImageClassification digits() throws IOException {
        try (ImageSource source = Digits.load()) {
            return ImageClassification.read(source, new ImageClassification.Settings(0.2, 0, null, new Seed(0)));
        }
    }

    private static TrainingRecipe adam(double rate, int batch, long steps) {
        return new TrainingRecipe(
                ParameterInit.TORCH, batch, OptimizerRule.AdamW.adam(), LearningRate.constant(rate), steps);
    }

    @Test
    void learnsTheDigits() throws IOException {
        ImageClassification task = digits();
        Architecture network = Mlp.of(List.of(64, 32, 10), new Layer.Relu(), true);
        try (NDManager manager = NDManager.newBaseManager();
                NetworkTraining training = new NetworkTraining(
                        manager, task, network, adam(0.01, 64, 200), List.of(new Seed(7), new Seed(8)))) {
            double before = training.test(task.testSize()).get(0).accuracy();
            double firstLoss = training.nextTrainingLosses()[0];
            for (int step = 0; step < 200; step++) {
                training.step();
            }
            assertTrue(before < 0.3, "before training: " + before);
            assertEquals(Math.log(10), firstLoss, 0.4);
            for (Score score : training.test(task.testSize())) {
                assertTrue(score.accuracy() > 0.93, "after training: " + score);
            }
        }
    }

    @Test
    void learnsAText() {
        TextModelling task = new TextModelling(CharacterText.builtIn(), 16, 0.1);
        Architecture network = Gpt2.of(new Gpt2.Config(
                new Input.Tokens(task.text().vocabularySize(), 16), 16, 1, 2, true, false, new Layer.GeluTanh()));
        TrainingRecipe recipe =
                new TrainingRecipe(ParameterInit.GPT2, 16, OptimizerRule.AdamW.adam(), LearningRate.constant(0.01), 60);
        try (NDManager manager = NDManager.newBaseManager();
                NetworkTraining training = new NetworkTraining(manager, task, network, recipe, List.of(new Seed(7)))) {
            double before = training.test(64).get(0).perplexity();
            for (int step = 0; step < 60; step++) {
                training.step();
            }
            double after = training.test(64).get(0).perplexity();
            assertEquals(67, before, 4, "as undecided as can be at first");
            assertTrue(after < 30, "after training: " + after);
        }
    }

    @Test
    void aNetworkDoesNotDependOnThoseBesideIt() throws IOException {
        ImageClassification task = digits();
        Architecture network = PlainCnn.nino(new Input.Image(1, 8, 8), List.of(4, 6), 10);
        List<Seed> seeds = List.of(new Seed(1), new Seed(2), new Seed(3));
        try (NDManager manager = NDManager.newBaseManager();
                NetworkTraining together = new NetworkTraining(manager, task, network, adam(0.01, 32, 9), seeds);
                NetworkTraining alone =
                        new NetworkTraining(manager, task, network, adam(0.01, 32, 9), seeds.subList(1, 2))) {
            for (int step = 0; step < 5; step++) {
                together.step();
                alone.step();
            }
            double[] expected = doubles(alone.parameters().get(0));
            double[] found = doubles(together.parameters().get(1));
            assertTrue(Rows.relativeDifference(expected, found) < 1e-4);
            assertEquals(
                    alone.test(200).get(0).loss(), together.test(200).get(1).loss(), 1e-4);
        }
    }

    @Test
    void countsTheStepsToAnAccuracy() throws IOException {
        ImageClassification task = digits();
        Architecture network = Mlp.of(List.of(64, 16, 10), new Layer.Relu(), true);
        try (NDManager manager = NDManager.newBaseManager();
                NetworkTraining training =
                        new NetworkTraining(manager, task, network, adam(0.01, 32, 400), List.of(new Seed(1)))) {
            List<Long> looks = new ArrayList<>();
            StepsToTarget.Outcome outcome =
                    new StepsToTarget(0.8, 5, 400).run(training, task.testSize(), (steps, score) -> looks.add(steps));
            assertTrue(outcome.reached() && outcome.score().accuracy() >= 0.8, outcome.toString());
            assertEquals(outcome.steps(), looks.get(looks.size() - 1));
            assertEquals(outcome.steps() / 5, looks.size());
            StepsToTarget.Outcome missed =
                    new StepsToTarget(1, 7, outcome.steps() + 10).run(training, task.testSize(), (steps, score) -> {});
            assertEquals("false " + (outcome.steps() + 10), missed.reached() + " " + missed.steps());
        }
        assertThrows(IllegalArgumentException.class, () -> new StepsToTarget(1.5, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new StepsToTarget(0.5, 10, 5));
    }

    /** Every third step is its own and needs no gradient: it halves the rows. */
    private static final class Halving implements RowOptimizer {
        private final RowOptimizer base;
        private int calls;

        Halving(RowOptimizer base) {
            this.base = base;
        }

        @Override
        public boolean needsGradient() {
            return calls % 3 != 2;
        }

        @Override
        public void step(NDArray rows, @Nullable NDArray gradient, double learningRate) {
            if (needsGradient()) {
                base.step(rows, gradient, learningRate);
            } else {
                assertEquals(null, gradient);
                rows.muli(0.5);
            }
            calls++;
        }

        @Override
        public void close() {
            base.close();
        }
    }

    @Test
    void lendsTheRowsToAnOptimizerThatWrapsAnother() throws IOException {
        ImageClassification task = digits();
        Architecture network = Mlp.of(List.of(64, 8, 10), new Layer.Relu(), true);
        TrainingRecipe recipe = adam(0.01, 32, 9);
        try (NDManager manager = NDManager.newBaseManager();
                NetworkTraining training = new NetworkTraining(
                        manager,
                        task,
                        network,
                        recipe,
                        List.of(new Seed(1)),
                        (owner, architecture, rows) ->
                                new Halving(recipe.optimizer().start(owner, architecture, rows)))) {
            training.step();
            training.step();
            float[] before = training.parameters().get(0);
            training.takeTrainingLosses();
            training.step();
            float[] after = training.parameters().get(0);
            for (int i = 0; i < before.length; i++) {
                before[i] *= 0.5f;
            }
            assertArrayEquals(before, after);
            assertEquals(3, training.steps());
            assertTrue(Double.isNaN(training.takeTrainingLosses()[0]), "no gradient, no loss");
            training.step();
        }
    }

    @Test
    void saysWhereTrainingDiverged() throws IOException {
        ImageClassification task = digits();
        Architecture network = Mlp.of(List.of(64, 8, 10), new Layer.Relu(), true);
        TrainingRecipe recipe = new TrainingRecipe(
                ParameterInit.TORCH,
                32,
                new OptimizerRule.Sgd(0, false, WeightDecay.NONE),
                LearningRate.constant(1e30),
                9);
        try (NDManager manager = NDManager.newBaseManager();
                NetworkTraining training = new NetworkTraining(manager, task, network, recipe, List.of(new Seed(1)))) {
            IllegalStateException thrown = assertThrows(IllegalStateException.class, () -> {
                for (int step = 0; step < 9; step++) {
                    training.step();
                }
            });
            assertTrue(
                    thrown.getMessage().contains("diverged: the loss of network 0 is NaN at step"),
                    thrown.getMessage());
        }
    }

    @Test
    void refusesNetworksThatCannotLearnTheTask() throws IOException {
        ImageClassification task = digits();
        assertRefused(task, Mlp.of(List.of(63, 10), new Layer.Relu(), true), "images of digits are [1, 8, 8] or [64]");
        assertRefused(task, Mlp.of(List.of(64, 9), new Layer.Relu(), true), "digits has 10 classes");
        PlainCnn.Config norms =
                new PlainCnn.Config(new Input.Image(1, 8, 8), List.of(4), 3, 1, 1, true, new Layer.Relu(), 10);
        assertRefused(task, PlainCnn.of(norms), "'norm.0' of cnn");
        TextModelling text = new TextModelling(CharacterText.builtIn(), 16, 0.1);
        assertRefused(text, GPT, "blocks of alice are [16] with 67 different characters");
    }

    private static void assertRefused(LearningTask task, Architecture network, String message) {
        try (NDManager manager = NDManager.newBaseManager()) {
            IllegalArgumentException thrown = assertThrows(
                    IllegalArgumentException.class,
                    () -> new NetworkTraining(manager, task, network, adam(0.01, 32, 9), List.of(new Seed(1))).close());
            assertTrue(thrown.getMessage().contains(message), thrown.getMessage());
        }
    }

    @Test
    void giveBackWhatTheyTook() throws IOException {
        ImageClassification task = digits();
        Architecture network = Mlp.of(List.of(64, 8, 10), new Layer.Relu(), true);
        try (NDManager manager = NDManager.newBaseManager()) {
            try (NetworkTraining training =
                    new NetworkTraining(manager, task, network, adam(0.01, 32, 9), List.of(new Seed(1)))) {
                training.step();
                training.test(64);
            }
            assertEquals(0, manager.getManagedArrays().size());
            assertEquals(new Shape(1), manager.ones(new Shape(1)).getShape());
        }
    }
}
