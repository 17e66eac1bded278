package dev.weft.cli.symmetry;

import dev.weft.checkpoints.format.MeanSource;
import dev.weft.checkpoints.format.TensorFile;
import dev.weft.checkpoints.format.recognise.Hints;
import dev.weft.checkpoints.format.recognise.NetworkFile;
import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The files that are merged, which have the same tensors; the base is the first where there is one. */
final class MergeInputs implements AutoCloseable {

    private final List<TensorFile> files = new ArrayList<>();
    private final List<NetworkFile> networks = new ArrayList<>();

    private MergeInputs() {}

    /**
     * Opens files.
     *
     * @param hints by which networks are recognised in the files, or nothing if they need not be
     * @throws FormatException if a file has other tensors or, as far as it is recognised, another architecture than the first
     */
    static MergeInputs open(List<Path> paths, @Nullable Hints hints) throws IOException {
        MergeInputs inputs = new MergeInputs();
        try {
            for (Path path : paths) {
                inputs.add(path, hints);
            }
        } catch (IOException | RuntimeException e) {
            inputs.close();
            throw e;
        }
        return inputs;
    }

    private void add(Path path, @Nullable Hints hints) throws IOException {
        if (hints == null) {
            files.add(TensorFile.open(path));
        } else {
            NetworkFile network = NetworkFile.open(path, LoadedNetwork.withArchitecture(path, hints));
            networks.add(network);
            files.add(network.file());
            network.requireLike(networks.get(0));
        }
        MeanSource.requireAlike(first(), files.get(files.size() - 1));
    }

    /** Returns the file that lends its names and types. */
    TensorFile first() {
        return files.get(0);
    }

    List<TensorFile> files() {
        return files;
    }

    /** Returns the networks that were recognised; none if that was not asked for. */
    List<NetworkFile> networks() {
        return networks;
    }

    @Override
    public void close() throws IOException {
        for (TensorFile file : files) {
            file.close();
        }
    }
}
