package dev.weft.cli;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import dev.weft.cli.exit.ExitCode;
import dev.weft.cli.options.Output;
import dev.weft.cli.report.Release;
import dev.weft.cli.report.Table;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.arrow.vector.VectorSchemaRoot;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code weft env}: the versions and the machine, as a bug report needs them. */
@Command(
        name = "env",
        description = "Show the versions of Weft, Java, DJL, libtorch and Arrow, and what the machine has.",
        footer = {"", "Example:", "  weft env --json"})
final class EnvCommand implements Callable<Integer> {

    @Mixin
    private final Output output = new Output();

    /**
     * What the command reports.
     *
     * @param memory what Java may take, in MiB
     * @param engine the tensor engine of DJL
     * @param threads the most that libtorch uses for one operation
     */
    record Environment(
            String weft,
            String java,
            String system,
            int cores,
            long memory,
            String djl,
            String engine,
            String engineVersion,
            List<String> devices,
            int threads,
            String arrow) {}

    @Override
    public Integer call() {
        Environment found = look();
        output.print(found, text -> text.print(table(found)));
        return ExitCode.OK;
    }

    private static Environment look() {
        Engine engine = Engine.getInstance();
        return new Environment(
                Release.version(),
                System.getProperty("java.version") + " (" + System.getProperty("java.vendor") + ")",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors(),
                Runtime.getRuntime().maxMemory() >> 20,
                Engine.getDjlVersion(),
                engine.getEngineName(),
                engine.getVersion(),
                Arrays.stream(engine.getDevices()).map(EnvCommand::name).toList(),
                JniUtils.getNumThreads(),
                Optional.ofNullable(VectorSchemaRoot.class.getPackage().getImplementationVersion())
                        .orElse("unknown"));
    }

    private static String name(Device device) {
        return device.isGpu() ? device.getDeviceType() + device.getDeviceId() : device.getDeviceType();
    }

    private static Table table(Environment found) {
        return new Table("what", "value")
                .row("Weft", found.weft)
                .row("Java", found.java)
                .row("system", found.system)
                .row("cores", found.cores)
                .row("memory for Java", found.memory + " MiB")
                .row("DJL", found.djl)
                .row("engine", found.engine + " " + found.engineVersion)
                .row("devices", String.join(", ", found.devices))
                .row("threads", found.threads)
                .row("Arrow", found.arrow);
    }
}
