package dev.weft.metanets.nowcast.train;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.metanets.nowcast.NowcastModel;
import dev.weft.metanets.task.Provenance;
import dev.weft.metanets.task.RunFiles;
import dev.weft.metanets.task.StrictJson;
import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A forecasting network in training, or trained: {@code model.safetensors} with the released files' names, {@code
 * config.json}, {@code metrics.jsonl}, and while training is not finished {@code state.safetensors}.
 */
public record NowcastRun(RunFiles files, Config config) {

    public static final String FORMAT = "weft-nowcast";
    public static final int VERSION = 1;

    /**
     * Everything about a run but its values.
     *
     * @param format always {@value #FORMAT}
     * @param version of the format
     * @param model sizes and wiring
     * @param training how it was trained
     * @param provenance where it comes from; names and digests of several zoos are separated by a comma
     */
    @JsonPropertyOrder({"format", "version", "model", "training", "provenance"})
    public record Config(
            String format, int version, ForecasterConfig model, NowcastTraining training, Provenance provenance) {}

    /**
     * Plans a run, of which nothing is written yet.
     *
     * @throws IllegalArgumentException if the folder has one already
     */
    public static NowcastRun plan(
            Path folder, ForecasterConfig model, NowcastTraining training, Provenance provenance) {
        RunFiles files = new RunFiles(folder);
        files.requireNew();
        return new NowcastRun(files, new Config(FORMAT, VERSION, model, training, provenance));
    }

    /** Makes the folder of a run that was planned. */
    public void begin() throws IOException {
        files.begin(config);
    }

    /** Whether a folder holds a run of a forecasting network. */
    public static boolean isIn(Path folder) throws IOException {
        return new RunFiles(folder).holds(FORMAT);
    }

    /** Returns how weights want networks wired: as their run says, and released ones as the reference does. */
    public static ForecasterConfig.Wiring wiring(Path weights) throws IOException {
        return isIn(weights) ? open(weights).config.model().wiring() : ForecasterConfig.Wiring.REFERENCE;
    }

    /**
     * Loads a forecasting network for work that goes by the reference's wiring alone.
     *
     * @param weights a run, or released weights
     * @throws FormatException.Unsupported if it was trained on true connections
     */
    public static NowcastModel loadForReference(Path weights) throws IOException {
        if (wiring(weights) != ForecasterConfig.Wiring.REFERENCE) {
            throw new FormatException.Unsupported(
                    weights.toString(), "was trained with the corrected wiring; expected the reference's here");
        }
        return NowcastModel.load(weights);
    }

    /** Opens a run, finished or not. */
    public static NowcastRun open(Path folder) throws IOException {
        Path file = new RunFiles(folder).config();
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString(), null, "no run there");
        }
        try {
            JsonNode tree = StrictJson.parse(file.toString(), Files.readString(file));
            StrictJson.requireFormat(file.toString(), tree, FORMAT, VERSION);
            return new NowcastRun(new RunFiles(folder), StrictJson.bind(file.toString(), tree, Config.class));
        } catch (CharacterCodingException e) {
            throw new FormatException.Corrupt(file.toString(), "expected UTF-8 text", e);
        }
    }

    public Path folder() {
        return files.folder();
    }
}
