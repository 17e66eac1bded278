package dev.weft.cli.nowcast;

import ai.djl.ndarray.NDManager;
import dev.weft.checkpoints.Zoo;
import dev.weft.checkpoints.format.SafetensorsWriter;
import dev.weft.metanets.nowcast.FileForecaster;
import dev.weft.metanets.nowcast.ForecastSettings;
import dev.weft.metanets.nowcast.StateDict;
import dev.weft.metanets.nowcast.wiring.CorrectedWiring;
import dev.weft.metanets.nowcast.wiring.ReferenceWiring;
import dev.weft.metanets.nowcast.wiring.RowLayout;
import dev.weft.metanets.nowcast.wiring.WiredGraph;
import dev.weft.network.Architecture;
import dev.weft.network.FormatException;
import dev.weft.network.ParameterTensor;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import picocli.CommandLine.Option;

/** States that are rows of a zoo. */
final class ZooRows {

    @Option(names = "--zoo", paramLabel = "ZOO", required = true, description = "A zoo that has the states as rows.")
    private Path folder;

    @Option(
            names = "--rows",
            paramLabel = "ID",
            split = ",",
            required = true,
            description = "Ids of five rows of one architecture, oldest first.")
    private List<String> ids;

    FileForecaster.Result forecast(
            FileForecaster forecaster, NDManager manager, boolean corrected, ForecastSettings settings, Path out)
            throws IOException {
        List<SafetensorsWriter> states = new ArrayList<>();
        try (Zoo zoo = Zoo.open(folder)) {
            Architecture architecture = zoo.architecture(find(zoo, ids.get(ids.size() - 1)));
            for (String id : ids) {
                int row = find(zoo, id);
                if (!zoo.architecture(row).equals(architecture)) {
                    throw new FormatException.Unsupported(
                            folder.toString(),
                            "row '" + id + "' is of " + zoo.architecture(row) + ", the last one of " + architecture);
                }
                states.add(tensors(architecture, zoo.parameters(row), folder + ", row " + id));
            }
            RowLayout layout = RowLayout.ofTrained(architecture);
            WiredGraph graph =
                    corrected ? CorrectedWiring.of(architecture) : ReferenceWiring.of(layout, OptionalInt.empty());
            return forecaster.forecast(manager, StateDict.of(layout), graph, states, settings, out);
        }
    }

    private int find(Zoo zoo, String id) throws NoSuchFileException {
        return IntStream.range(0, zoo.size())
                .filter(row -> zoo.id(row).equals(id))
                .findFirst()
                .orElseThrow(() -> new NoSuchFileException(folder.toString(), null, "no row '" + id + "'"));
    }

    private static SafetensorsWriter tensors(Architecture architecture, float[] row, String origin) {
        SafetensorsWriter writer = new SafetensorsWriter().metadata("nowcast.from", origin);
        for (ParameterTensor tensor : architecture.parameters()) {
            long[] shape = tensor.shape().stream().mapToLong(Integer::longValue).toArray();
            writer.add(tensor.name(), shape, Arrays.copyOfRange(row, (int) tensor.offset(), (int) tensor.end()));
        }
        return writer;
    }
}
