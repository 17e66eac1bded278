package dev.weft.cli.results;

import dev.weft.cli.load.LoadLog;
import dev.weft.cli.load.LoadSettings;
import dev.weft.cli.load.Overload;
import dev.weft.cli.report.Durations;
import dev.weft.cli.report.MarkdownTable;
import dev.weft.cli.report.MarkdownTable.Align;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The page of {@code weft results service}. */
final class ServicePage {

    private static final String INTRODUCTION = """
            # The service under load

            `weft serve` as a process of its own and clients in a second one, over loopback, on %d processors that they share. In
            the table each client sends its next request when it has the last one's answer. A request is a whole one: connection
            kept, upload to a temporary file, JSON or safetensors back, a line in the log.

            """;

    private static final String READING = """

            Medians over the rounds (%d of %s each, services and numbers of clients in turns, behind %s of warming up); p50 and p99
            are the times within which half and 99 of 100 requests were answered, of few answers the slowest. Shared: requests that wait
            together are answered by one pass, as the service does by default. One by one: the same service with `--batch-size 1`.
            CPU: processor time for a request.

            """;

    private static final String OVERLOAD = """
            Requests came at random times, on average %.0f a second, which is twice what the service had done; each one's time counts
            from when it was due.

            """;

    private static final String FLAT = """

            Memory is called flat if resident memory grows by no more than a tenth, and what objects take at least by no more than
            a tenth of the heap. The heap, %,d MiB, is taken whole at the start, so that resident memory shows what grows outside of it.

            """;

    private final ServiceFacts facts;
    private final List<String> pictures;

    /** @param pictures names of files beside the page */
    ServicePage(ServiceFacts facts, List<String> pictures) {
        this.facts = facts;
        this.pictures = List.copyOf(pictures);
    }

    String text() {
        LoadLog.Setup setup = facts.setup();
        LoadSettings settings = setup.settings();
        return format(INTRODUCTION, setup.processors())
                + list(ServiceVerdicts.of(facts))
                + "\n"
                + ServiceTable.markdown(facts)
                + format(
                        READING,
                        settings.rounds(),
                        Durations.text(settings.seconds()),
                        Durations.text(settings.seconds()))
                + picture(ServicePictures.LATENCY, "Throughput and latency over the number of clients")
                + "## Twice the capacity\n\n"
                + facts.overload().map(this::overload).orElse("Not measured yet.\n\n")
                + "## What was asked\n\n"
                + list(setup.workloads().stream()
                        .map(each -> each.name() + ": " + each.detail() + ".")
                        .toList())
                + format(
                        "\nWeft %s, Java %s, %s, %d processors, seed %d.%n%n## Command%n%n```sh%n%s%n```%n",
                        setup.weft(),
                        setup.java(),
                        setup.system(),
                        setup.processors(),
                        settings.seed(),
                        setup.command());
    }

    private String overload(Overload overload) {
        MarkdownTable table = new MarkdownTable(Align.RIGHT, "status", "answers", "a second");
        overload.answers().statuses().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(each -> table.row(
                        each.getKey(),
                        format("%,d", each.getValue()),
                        ServiceTable.figure(each.getValue() / overload.seconds())));
        return (overload.complete() ? "" : "**Interrupted.** ")
                + format(OVERLOAD, overload.rate())
                + table
                + format(FLAT, overload.heap())
                + picture(ServicePictures.OVERLOAD, "Answers, latency and memory over the time");
    }

    private String picture(String subject, String description) {
        return pictures.stream()
                .filter(name -> name.endsWith(subject + ".png"))
                .map(name -> "![" + description + "](" + name + ")\n\n")
                .collect(Collectors.joining());
    }

    private static String list(List<String> items) {
        return items.stream().map(item -> "- " + item + "\n").collect(Collectors.joining());
    }

    private static String format(String text, Object... values) {
        return String.format(Locale.ROOT, text, values);
    }
}
