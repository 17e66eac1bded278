package dev.weft.cli.service.model;

import dev.weft.checkpoints.Digest;
import dev.weft.hypernets.ghn.GhnRun;
import dev.weft.metanets.task.RunConfig;
import dev.weft.metanets.task.RunDirectory;
import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Turns files into a model: a run of a metanet or hypernet, or weights of a nowcaster or hypernet from elsewhere. */
final class ModelLoader {

    private static final int VERSION_DIGITS = 12;

    private final BatchSettings batch;

    ModelLoader(BatchSettings batch) {
        this.batch = batch;
    }

    /**
     * Loads a model.
     *
     * @return nothing if its training has not come to an end
     * @throws IOException if there is no model in the files, or a damaged one
     */
    Optional<ModelVersion> load(ModelFiles files) throws IOException {
        Path path = files.path();
        boolean directory = Files.isDirectory(path);
        if (directory && Files.exists(path.resolve(RunDirectory.STATE))
                || directory && !Files.exists(path.resolve(RunDirectory.MODEL))) {
            return Optional.empty();
        }
        ModelWorker worker = new ModelWorker(files.name());
        try {
            ServedModel model = directory ? ofDirectory(path, worker) : ofFile(path);
            return Optional.of(new ModelVersion(files.name(), version(path), card(path), model, worker));
        } catch (IOException | RuntimeException | Error e) {
            worker.finish(() -> {});
            throw e;
        }
    }

    private ServedModel ofDirectory(Path folder, ModelWorker worker) throws IOException {
        if (GhnRun.isIn(folder)) {
            return ServedHypernet.load(folder);
        }
        String config = Files.readString(folder.resolve(RunDirectory.CONFIG), StandardCharsets.ISO_8859_1);
        return config.contains('"' + RunConfig.FORMAT + '"')
                ? ServedMetanet.load(RunDirectory.open(folder), worker, batch)
                : ServedNowcaster.load(folder);
    }

    private static ServedModel ofFile(Path file) throws IOException {
        try {
            return ServedNowcaster.load(file);
        } catch (FormatException e) {
            try {
                return ServedHypernet.load(file);
            } catch (FormatException other) {
                e.addSuppressed(other);
                throw e;
            }
        }
    }

    private static String version(Path path) throws IOException {
        Path values = Files.isDirectory(path) ? path.resolve(RunDirectory.MODEL) : path;
        return Digest.sha256(values).substring(0, VERSION_DIGITS);
    }

    private static String card(Path path) throws IOException {
        Path card = path.resolve(ModelFiles.CARD);
        return Files.isRegularFile(card) ? new String(Files.readAllBytes(card), StandardCharsets.UTF_8) : "";
    }
}
