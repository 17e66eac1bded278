package dev.weft.cli.load;

import dev.weft.cli.options.ProgressOption;
import dev.weft.cli.report.Progress;
import dev.weft.metanets.task.ProcessorTime;
import dev.weft.network.Seed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;

/**
 * Puts load on two services that differ in one thing, whether requests may share a pass, in turns; then sends twice as many
 * requests to the first as it can do.
 */
public final class LoadExperiment {

    private static final double OVERLOAD = 2;
    private static final int OVERLOAD_CLIENTS = 256; // twice as many as may be inside
    private static final double LOOK_SECONDS = 5;
    private static final int LOOKS = 12; // at least, in a short overload

    private final Path folder;
    private final LoadSettings settings;
    private final List<Workload> workloads;
    private final ProgressOption progress;
    private final BooleanSupplier stop;

    /** A service, and whether requests may share a pass there. */
    private record Service(ServerProcess process, boolean batching) {}

    /**
     * @param folder where the models are, in {@code models}, and the services log to
     * @param stop whether to end as soon as possible
     */
    public LoadExperiment(
            Path folder,
            LoadSettings settings,
            List<Workload> workloads,
            ProgressOption progress,
            BooleanSupplier stop) {
        this.folder = folder;
        this.settings = settings;
        this.workloads = List.copyOf(workloads);
        this.progress = progress;
        this.stop = stop;
    }

    /** Measures everything, as long as it is not told to stop. */
    public void measure(LoadLog log) throws IOException {
        try (ServerProcess batching = start("batching", List.of())) {
            try (ServerProcess single = start("one-by-one", List.of("--batch-size", "1"))) {
                measure(log, List.of(new Service(batching, true), new Service(single, false)));
            }
            if (settings.overloadSeconds() > 0 && !stop.getAsBoolean()) {
                log.add(overload(batching, log.phases()));
            }
        }
    }

    private ServerProcess start(String name, List<String> more) throws IOException {
        return ServerProcess.start(
                folder.resolve("models"), settings.heap(), folder.resolve("serve-" + name + ".log"), more);
    }

    private void measure(LoadLog log, List<Service> services) throws IOException {
        long total = 0;
        for (Workload workload : workloads) {
            int each = workload.shares() ? services.size() : 1;
            total += (long) each * (1 + settings.rounds() * workload.clients().size());
        }
        try (Progress line = progress.start("Measuring", total, "times")) {
            long done = 0;
            for (Workload workload : workloads) {
                for (Service service : turn(services, workload, 0)) {
                    ask(service, workload, most(workload), new Answers());
                    line.update(++done, workload.name());
                }
            }
            for (int round = 1; round <= settings.rounds(); round++) {
                for (Workload workload : workloads) {
                    for (int clients : workload.clients()) {
                        for (Service service : turn(services, workload, round)) {
                            LoadPhase phase = phase(service, workload, clients, round);
                            if (stop.getAsBoolean()) {
                                return;
                            }
                            log.add(phase);
                            line.update(++done, describe(phase));
                        }
                    }
                }
            }
        }
    }

    /** The services that a workload is for, each first as often as the other. */
    private static List<Service> turn(List<Service> services, Workload workload, int round) {
        List<Service> turn = new ArrayList<>(workload.shares() ? services : services.subList(0, 1));
        if (round % 2 == 0) {
            Collections.reverse(turn);
        }
        return turn;
    }

    private static int most(Workload workload) {
        return workload.clients().stream().mapToInt(Integer::intValue).max().orElse(1);
    }

    private static String describe(LoadPhase phase) {
        return String.format(
                Locale.ROOT,
                "%s, %s, %d clients: %.1f/s",
                phase.workload(),
                phase.batching() ? "batching" : "one by one",
                phase.clients(),
                phase.throughput());
    }

    private double ask(Service service, Workload workload, int clients, Answers answers) throws IOException {
        return new Clients(service.process.port(), workload.request(), stop)
                .askAgain(clients, settings.seconds(), answers::add);
    }

    private LoadPhase phase(Service service, Workload workload, int clients, int round) throws IOException {
        Answers answers = new Answers();
        double server = service.process.processorSeconds();
        double client = ProcessorTime.seconds();
        double seconds = ask(service, workload, clients, answers);
        return new LoadPhase(
                workload.name(),
                service.batching,
                clients,
                round,
                seconds,
                answers.summary(),
                service.process.processorSeconds() - server,
                ProcessorTime.seconds() - client);
    }

    private Overload overload(ServerProcess server, List<LoadPhase> phases) throws IOException {
        Workload workload = workloads.get(0);
        double capacity = phases.stream()
                .filter(phase -> phase.workload().equals(workload.name())
                        && phase.batching()
                        && phase.clients() == most(workload))
                .mapToDouble(LoadPhase::throughput)
                .max()
                .orElseThrow();
        double rate = OVERLOAD * capacity;
        double planned = settings.overloadSeconds();
        Arrivals arrivals = new Arrivals(rate, planned, new Seed(settings.seed()).split("arrivals"));
        try (Progress line = progress.start("Overload", Math.round(planned), "s")) {
            OverloadWatch watch = new OverloadWatch(
                    server, Math.min(LOOK_SECONDS, planned / LOOKS), second -> line.update(Math.round(second)));
            double seconds;
            try (watch) {
                seconds =
                        new Clients(server.port(), workload.request(), stop).arrive(OVERLOAD_CLIENTS, arrivals, watch);
            }
            return new Overload(
                    workload.name(),
                    capacity,
                    rate,
                    !stop.getAsBoolean(),
                    seconds,
                    watch.answers(),
                    settings.heap(),
                    watch.samples());
        }
    }
}
