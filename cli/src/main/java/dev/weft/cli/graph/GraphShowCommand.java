package dev.weft.cli.graph;

import dev.weft.cli.exit.ExitCode;
import dev.weft.cli.options.Output;
import dev.weft.cli.report.Json;
import dev.weft.graph.GraphExport;
import dev.weft.graph.ParameterGraph;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code weft graph show}. */
@Command(
        name = "show",
        description = "Show the parameter graph of one network: a table, JSON, DOT, GraphML, or a picture in SVG.",
        footer = {
            "",
            "Example:",
            "  weft graph show digits-zoo --out network.svg",
            "  weft graph show siren.safetensors --format dot",
            "  weft graph show downloads/gpt2 --out gpt2.svg",
            "  weft graph show --family resnet50 --out resnet50.svg"
        })
final class GraphShowCommand implements Callable<Integer> {

    @Mixin
    private final SubjectOptions which = new SubjectOptions();

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

    @Mixin
    private final Output output = new Output();

    @Override
    public Integer call() throws IOException {
        Subject subject = which.load(false);
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

    private GraphFormat format() {
        if (format != null) {
            return format;
        }
        return out == null ? GraphFormat.TEXT : GraphFormat.of(out).orElse(GraphFormat.TEXT);
    }

    private String render(GraphFormat as, GraphDescription description, ParameterGraph graph, Subject subject)
            throws IOException {
        return switch (as) {
            case TEXT -> description.text();
            case JSON -> Json.write(description) + "\n";
            case DOT -> neurons ? GraphExport.dot(graph, values(subject)) : GraphExport.dot(graph);
            case GRAPHML -> neurons ? GraphExport.graphMl(graph, values(subject)) : GraphExport.graphMl(graph);
            case SVG -> subject.picture(graph);
        };
    }

    private float[] values(Subject subject) throws IOException {
        float[] values = subject.row();
        if (values == null) {
            throw new IllegalArgumentException(
                    which.name() + " is an architecture without values; --neurons needs a checkpoint or a zoo");
        }
        return values;
    }
}
