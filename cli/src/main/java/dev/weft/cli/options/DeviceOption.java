package dev.weft.cli.options;

import ai.djl.Device;
import ai.djl.engine.Engine;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** {@code --device}: where tensors live and operations run. */
public final class DeviceOption {

    private static final Pattern GPU = Pattern.compile("gpu(?::(\\d{1,4}))?");

    @Option(
            names = "--device",
            paramLabel = "NAME",
            description = "Where to compute: cpu, gpu or gpu:N, counted from 0 (default: ${DEFAULT-VALUE}).")
    private String name = "cpu";

    /**
     * Returns the device.
     *
     * @throws IllegalArgumentException if there is no such device; loads the engine to find out, but for the CPU
     */
    public Device get() {
        if (name.equals("cpu")) {
            return Device.cpu();
        }
        Matcher gpu = GPU.matcher(name);
        if (!gpu.matches()) {
            throw new IllegalArgumentException("--device: expected cpu, gpu or gpu:N, found '" + name + "'");
        }
        int number = gpu.group(1) == null ? 0 : Integer.parseInt(gpu.group(1));
        int count = Engine.getInstance().getGpuCount();
        if (number >= count) {
            throw new IllegalArgumentException("--device " + name + ": the engine sees " + count
                    + (count == 1 ? " GPU" : " GPUs") + "; see weft env, and README for the build with CUDA");
        }
        return Device.gpu(number);
    }

    /** Returns whether it is another device than the CPU. */
    public boolean isGpu() {
        return !name.equals("cpu");
    }
}
