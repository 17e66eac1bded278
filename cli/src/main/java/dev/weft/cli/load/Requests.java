package dev.weft.cli.load;

import dev.weft.checkpoints.NetworkTensors;
import dev.weft.checkpoints.format.SafetensorsOutput;
import dev.weft.metanets.nowcast.Trajectory;
import dev.weft.network.Architecture;
import dev.weft.network.Input;
import dev.weft.network.Layer;
import dev.weft.network.Seed;
import dev.weft.network.family.Gpt2;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Requests with networks of random values. */
final class Requests {

    private static final List<Integer> MANY = List.of(1, 8, 64);
    private static final List<Integer> FEW = List.of(1, 8);
    private static final String SAFETENSORS = "application/x-safetensors";
    private static final String BOUNDARY = "weft-load";
    private static final double DEVIATION = 0.1;
    private static final double STEP = 0.01;

    /** A GPT-2 of 1.07 million parameters. */
    private static final Gpt2.Config STATE =
            new Gpt2.Config(new Input.Tokens(2000, 128), 128, 4, 4, true, true, new Layer.GeluTanh());

    private final Seed seed;

    Requests(Seed seed) {
        this.seed = seed;
    }

    /** What does an implicit network show? */
    Workload classify(String model, String state, Architecture inr) throws IOException {
        float[] row = new float[(int) inr.parameterCount()];
        walk(row, DEVIATION, seed.split(model).random());
        return new Workload(
                "classify, " + model,
                String.format(Locale.ROOT, "%s, %s, reads networks %s, %,d parameters", model, state, inr, row.length),
                LoadRequest.post("/v1/models/" + model + "/classify", SAFETENSORS, safetensors(inr, row)),
                MANY,
                true);
    }

    /** All parameters of a ResNet-18, 45 MiB. */
    Workload parameters(String model) {
        byte[] body = "{\"family\": \"resnet18\"}".getBytes(StandardCharsets.UTF_8);
        return new Workload(
                "parameters of ResNet-18",
                model + " of GHN-3-T's size, untrained; answers 11.7 million parameters as safetensors",
                LoadRequest.post("/v1/models/" + model + "/parameters", "application/json", body),
                FEW,
                false);
    }

    /** A forecast from five states. */
    Workload nowcast(String model, String weights) throws IOException {
        Architecture network = Gpt2.of(STATE);
        float[] row = new float[(int) network.parameterCount()];
        RandomGenerator random = seed.split("states").random();
        walk(row, DEVIATION, random);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int i = 0; i < Trajectory.STATES; i++) {
            walk(row, STEP, random);
            body.writeBytes(ascii("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"state\"; filename=\""
                    + i + "\"\r\n\r\n"));
            body.writeBytes(safetensors(network, row));
            body.writeBytes(ascii("\r\n"));
        }
        body.writeBytes(ascii("--" + BOUNDARY + "--\r\n"));
        return new Workload(
                LoadModels.NOWCAST,
                String.format(Locale.ROOT, "%s; five states of a GPT-2 of %,d parameters", weights, row.length),
                LoadRequest.post(
                        "/v1/models/" + model + "/nowcast",
                        "multipart/form-data; boundary=" + BOUNDARY,
                        body.toByteArray()),
                FEW,
                false);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Adds to each value a random one. */
    private static void walk(float[] row, double deviation, RandomGenerator random) {
        for (int i = 0; i < row.length; i++) {
            row[i] += (float) (deviation * random.nextGaussian());
        }
    }

    private static byte[] safetensors(Architecture network, float[] row) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        SafetensorsOutput.of(new NetworkTensors(network, row, Map.of())).writeTo(Channels.newChannel(bytes));
        return bytes.toByteArray();
    }
}
