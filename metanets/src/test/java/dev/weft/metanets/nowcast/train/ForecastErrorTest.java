package dev.weft.metanets.nowcast.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Parameter;
import dev.weft.metanets.nowcast.PlainForecaster;
import dev.weft.network.Architecture;
import dev.weft.network.FormatException;
import dev.weft.network.Seed;
import dev.weft.network.family.Families;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ForecastErrorTest {

    private static final int HORIZONS = 3;

    private static WindowBatch batch(ForecasterConfig config, Architecture architecture) throws FormatException {
        List<float[][]> windows = new ArrayList<>();
        RandomGenerator random = new Seed(4).random();
        for (int behind = 1; behind <= HORIZONS; behind++) {
            float[][] states = new float[5 + behind][(int) architecture.parameterCount()];
            for (float[] state : states) {
                for (int i = 0; i < state.length; i++) {
                    state[i] = (float) random.nextGaussian();
                }
            }
            windows.add(states);
        }
        return WindowBatch.of(new EdgeValues(config.wire(architecture)), windows, HORIZONS);
    }

    /** Along a random direction; the errors' absolute values have kinks, so the step is short and the tolerance not. */
    @ParameterizedTest
    @EnumSource
    void theGradientIsTheDifferenceQuotient(ForecasterConfig.Name name) throws FormatException {
        ForecasterConfig config = new ForecasterConfig(name, 5, 9, HORIZONS, ForecasterConfig.Wiring.CORRECTED);
        WindowBatch batch =
                batch(config, Families.named("small-cnn-zoo").small().get());
        try (NDManager manager = NDManager.newBaseManager()) {
            PlainForecaster model = config.build(new Seed(1));
            model.initialize(manager, DataType.FLOAT32);
            RandomGenerator random = new Seed(2).random();
            Map<String, Parameter> parameters = model.namedParameters();
            parameters.values().forEach(parameter -> parameter.getArray().set(normal(parameter, random, 0.4f)));
            ForecastError error = new ForecastError(model, manager);
            List<Parameter> trained = parameters.values().stream()
                    .filter(Parameter::requiresGradient)
                    .toList();
            trained.forEach(parameter -> parameter.getArray().setRequiresGradient(true));
            double loss = error.accumulate(batch, 1.0 / batch.count());
            assertEquals(error.sum(batch) / batch.count(), loss, 1e-5);
            List<float[]> direction =
                    trained.stream().map(each -> normal(each, random, 1)).toList();
            double slope = 0;
            for (int p = 0; p < trained.size(); p++) {
                float[] gradient = trained.get(p).getArray().getGradient().toFloatArray();
                for (int i = 0; i < gradient.length; i++) {
                    slope += gradient[i] * direction.get(p)[i];
                }
            }
            double step = 1e-3;
            move(trained, direction, step);
            double above = error.sum(batch);
            move(trained, direction, -2 * step);
            double below = error.sum(batch);
            double quotient = (above - below) / (2 * step) / batch.count();
            assertEquals(quotient, slope, 0.02 * Math.abs(quotient) + 1e-3);
            assertTrue(Math.abs(slope) > 0.01, "a direction that matters: " + slope);
        }
    }

    private static float[] normal(Parameter parameter, RandomGenerator random, float deviation) {
        float[] values = new float[(int) parameter.getShape().size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = deviation * (float) random.nextGaussian();
        }
        return values;
    }

    private static void move(List<Parameter> parameters, List<float[]> direction, double step) {
        for (int p = 0; p < parameters.size(); p++) {
            NDArray array = parameters.get(p).getArray();
            float[] values = array.toFloatArray();
            for (int i = 0; i < values.length; i++) {
                values[i] += (float) (step * direction.get(p)[i]);
            }
            array.set(values);
        }
    }
}
