package dev.weft.cli.graph;

import dev.weft.cli.exit.ExitCode;
import dev.weft.cli.options.Output;
import dev.weft.cli.report.Json;
import dev.weft.graph.GraphExport;
import dev.weft.graph.ParameterGraph;
import dev.weft.graph.ParameterGraphSvg;
import dev.weft.network.Siren;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code weft graph show}. */
@Command(
        name = "show",
        description = "Show the parameter graph of one network: a table, JSON, DOT, GraphML, or a picture in SVG.",
        footer = {
            "",
            "Example:",
            "  weft graph show digits-zoo --out network.svg",
            "  weft graph show siren.safetensors --format dot"
        })
final class GraphShowCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "NETWORK",
            description = "A safetensors file, a zoo's directory, or an architecture in a file that ends in .json.")
    private Path network;

    @Option(names = "--row", paramLabel = "ID", description = "Which network of the zoo (default: the first).")
    private @Nullable String row;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "text, json, dot, graphml or svg (default: what --out ends in, else text).")
    private @Nullable GraphFormat format;

    @Option(names = "--out", paramLabel = "FILE", description = "Write to a file instead of standard output.")
    private @Nullable Path out;

    @Option(
            names = "--neurons",
            description = "In dot and graphml, a node for each neuron and an edge for each weight.")
    private boolean neurons;

    @Option(
            names = "--w0",
            paramLabel = "NUMBER",
            description =
                    "The factor in the sines of a safetensors file that does not tell (default: ${DEFAULT-VALUE}).")
    private double w0 = Siren.W0_DEFAULT;

    @Option(
            names = "--offset",
            paramLabel = "NUMBER",
            description =
                    "The constant behind the output of a safetensors file that does not tell (default: ${DEFAULT-VALUE}).")
    private double offset;

    @Mixin
    private final Output output = new Output();

    @Override
    public Integer call() throws IOException {
        Subject subject = load();
        ParameterGraph graph = ParameterGraph.of(subject.architecture());
        GraphDescription description = GraphDescription.of(subject.title(), graph);
        if (out == null) {
            String text = output.isJson() ? "" : render(format(), description, graph, subject);
            output.print(description, writer -> writer.print(text));
        } else {
            Files.writeString(out, render(format(), description, graph, subject));
            output.print(description, writer -> writer.println("written to " + out));
        }
        return ExitCode.OK;
    }

    private Subject load() throws IOException {
        if (Files.isDirectory(network)) {
            return Subject.ofZoo(network, row);
        }
        if (row != null) {
            throw new IllegalArgumentException("--row: expected a zoo's directory, found the file " + network);
        }
        return network.toString().endsWith(".json")
                ? Subject.ofArchitecture(network)
                : Subject.ofSafetensors(network, w0, offset);
    }

    private GraphFormat format() {
        if (format != null) {
            return format;
        }
        return out == null ? GraphFormat.TEXT : GraphFormat.of(out).orElse(GraphFormat.TEXT);
    }

    private String render(GraphFormat as, GraphDescription description, ParameterGraph graph, Subject subject) {
        return switch (as) {
            case TEXT -> description.text();
            case JSON -> Json.write(description) + "\n";
            case DOT -> neurons ? GraphExport.dot(graph, values(subject)) : GraphExport.dot(graph);
            case GRAPHML -> neurons ? GraphExport.graphMl(graph, values(subject)) : GraphExport.graphMl(graph);
            case SVG -> ParameterGraphSvg.of(graph, values(subject), subject.title());
        };
    }

    private float[] values(Subject subject) {
        float[] values = subject.row();
        if (values == null) {
            throw new IllegalArgumentException(network + " is an architecture without values; svg and --neurons need a"
                    + " safetensors file or a zoo");
        }
        return values;
    }
}
