package dev.weft.metanets.task;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/** Processor time that processes have taken so far, all threads together, in seconds. */
public final class ProcessorTime {

    private static final double NANOS = 1e-9;

    private ProcessorTime() {}

    /** Returns that of this process, finer than the system tells it of others. */
    public static double seconds() {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return system.getProcessCpuTime() * NANOS;
    }

    /** Returns that of another process, 0 where the system does not tell. */
    public static double seconds(ProcessHandle process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() * NANOS;
    }
}
