package dev.weft.cli.bench;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.weft.checkpoints.Zoo;
import dev.weft.checkpoints.ZooHeader;
import dev.weft.checkpoints.format.Safetensors;
import dev.weft.checkpoints.format.SafetensorsWriter;
import dev.weft.datasets.inr.InrRecipe;
import dev.weft.network.Architecture;
import dev.weft.network.ParameterTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** {@code zoo.read}: a zoo beside a folder of single files. */
final class ZooReading implements Benchmark {

    private static final int BATCH = ZooHeader.ROWS_PER_PART_DEFAULT;

    /** Sums of the same float32 values, batch by batch. */
    private static final double SUM_TOLERANCE = 1e-3;

    /** A round takes milliseconds, and the median of few of them follows whatever else the machine does. */
    private static final int TIMES_THE_ROUNDS = 5;

    @Override
    public String name() {
        return "zoo.read";
    }

    @Override
    public String description() {
        return "Reading 10,000 INRs 2-32-32-1 from a zoo as arrays [n, P], opening it and summing all values included,"
                + " beside reading them into the same arrays from single safetensors files; both are warm: files"
                + " in the page cache, code compiled.";
    }

    @Override
    public List<Row> run(BenchContext context) throws IOException {
        Architecture architecture = InrRecipe.dws().architecture(1);
        int networks = context.workload().zooNetworks();
        RandomInrs inrs = new RandomInrs(architecture, networks, context.seed().split("zoo"));
        try (TemporaryFolder folder = TemporaryFolder.create();
                NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            Path zoo = folder.path().resolve("zoo");
            inrs.writeZoo(zoo);
            List<Path> files = writeFiles(inrs, folder.path());
            requireSameSum(sumOfZoo(manager, zoo), sumOfFiles(manager, architecture, files));
            double[] seconds = Turns.seconds(
                    context,
                    name(),
                    TIMES_THE_ROUNDS * context.workload().rounds(),
                    List.of(() -> sumOfZoo(manager, zoo), () -> sumOfFiles(manager, architecture, files)));
            double gigabytes = 1e-9 * networks * architecture.parameterCount() * Float.BYTES;
            return List.of(
                    Row.of(name(), gigabytes / seconds[0], "GB/s", "single safetensors files", gigabytes / seconds[1]));
        }
    }

    /** Writes one file through {@link SafetensorsWriter}, the others with the same header: no sync for each of them. */
    private static List<Path> writeFiles(RandomInrs inrs, Path folder) throws IOException {
        Path first = folder.resolve("network-00000.safetensors");
        float[] row = inrs.row(0);
        SafetensorsWriter writer = new SafetensorsWriter();
        for (ParameterTensor tensor : inrs.architecture().parameters()) {
            long[] shape = tensor.shape().stream().mapToLong(Integer::longValue).toArray();
            writer.add(tensor.name(), shape, Arrays.copyOfRange(row, (int) tensor.offset(), (int) tensor.end()));
        }
        writer.write(first);
        byte[] bytes = Files.readAllBytes(first);
        List<Path> files = new ArrayList<>(List.of(first));
        try (Safetensors layout = Safetensors.open(first)) {
            for (int i = 1; i < inrs.count(); i++) {
                Path file = folder.resolve(String.format(Locale.ROOT, "network-%05d.safetensors", i));
                overwrite(bytes, layout, inrs.architecture(), inrs.row(i));
                Files.write(file, bytes);
                files.add(file);
            }
        }
        return files;
    }

    private static void overwrite(byte[] file, Safetensors layout, Architecture architecture, float[] row)
            throws IOException {
        int dataStart = file.length - row.length * Float.BYTES;
        ByteBuffer data = ByteBuffer.wrap(file, dataStart, file.length - dataStart)
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN);
        for (ParameterTensor tensor : architecture.parameters()) {
            int begin = (int) layout.tensor(tensor.name()).begin();
            data.position(begin);
            data.asFloatBuffer().put(row, (int) tensor.offset(), (int) tensor.size());
        }
    }

    private static double sumOfZoo(NDManager manager, Path folder) throws IOException {
        double sum = 0;
        try (Zoo zoo = Zoo.open(folder);
                NDManager sub = manager.newSubManager()) {
            for (Zoo.Batch batch : zoo.batches()) {
                sum += sum(batch.parameters(sub)); // [n, P]
            }
        }
        return sum;
    }

    private static double sumOfFiles(NDManager manager, Architecture architecture, List<Path> files)
            throws IOException {
        double sum = 0;
        try (NDManager sub = manager.newSubManager()) {
            for (int begin = 0; begin < files.size(); begin += BATCH) {
                List<Path> batch = files.subList(begin, Math.min(files.size(), begin + BATCH));
                sum += sum(gather(sub, architecture, batch)); // [n, P]
            }
        }
        return sum;
    }

    private static NDArray gather(NDManager manager, Architecture architecture, List<Path> files) throws IOException {
        Shape shape = new Shape(files.size(), architecture.parameterCount());
        ByteBuffer rows = manager.allocateDirect(Math.toIntExact(shape.size() * Float.BYTES));
        for (Path path : files) {
            try (Safetensors file = Safetensors.open(path)) {
                for (ParameterTensor tensor : architecture.parameters()) {
                    rows.put(file.bytes(tensor.name()));
                }
            }
        }
        return manager.create(rows.flip(), shape, DataType.FLOAT32);
    }

    private static double sum(NDArray rows) {
        try (NDArray sum = rows.sum()) {
            return sum.getFloat();
        }
    }

    private static void requireSameSum(double zoo, double files) {
        if (!(Math.abs(zoo - files) <= SUM_TOLERANCE * Math.max(1, Math.abs(files)))) {
            throw new IllegalStateException(
                    "zoo.read: expected the same sum of values on both sides, found " + zoo + " and " + files);
        }
    }
}
