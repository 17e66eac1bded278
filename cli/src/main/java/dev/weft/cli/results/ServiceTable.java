package dev.weft.cli.results;

import dev.weft.cli.report.MarkdownTable;
import dev.weft.cli.report.MarkdownTable.Align;
import dev.weft.cli.report.Table;
import java.util.Locale;

/** Throughput and latencies of each workload and number of clients. */
final class ServiceTable {

    private static final String[] HEADER = {
        "request", "passes", "clients", "answers", "a second", "p50, ms", "p99, ms", "CPU ms, service", "CPU ms, client"
    };

    private ServiceTable() {}

    /** Returns the table for a terminal. */
    static Table text(ServiceFacts facts) {
        Table table = new Table(HEADER);
        facts.lines().forEach(line -> table.row(row(facts, line)));
        return table;
    }

    /** Returns the table for a page. */
    static MarkdownTable markdown(ServiceFacts facts) {
        MarkdownTable table = new MarkdownTable(Align.RIGHT, HEADER);
        facts.lines().forEach(line -> table.row(row(facts, line)));
        return table;
    }

    private static Object[] row(ServiceFacts facts, ServiceFacts.Line line) {
        return new Object[] {
            line.workload(),
            passes(facts, line),
            line.clients(),
            String.format(Locale.ROOT, "%,d", line.done()),
            figure(line.throughput()),
            figure(line.p50()),
            figure(line.p99()),
            figure(line.serverMillis()),
            figure(line.clientMillis())
        };
    }

    private static String passes(ServiceFacts facts, ServiceFacts.Line line) {
        if (!facts.compared().contains(line.workload())) {
            return "";
        }
        return line.batching() ? "shared" : "one by one";
    }

    /** Returns a number with three figures. */
    static String figure(double value) {
        int decimals = value >= 100 ? 0 : value >= 10 ? 1 : 2;
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }
}
