package dev.weft.cli.symmetry;

import dev.weft.checkpoints.format.TensorFormat;
import dev.weft.cli.exit.ExitCode;
import dev.weft.cli.options.Output;
import dev.weft.cli.options.RecognitionOptions;
import dev.weft.cli.options.SeedOption;
import dev.weft.network.Architecture;
import dev.weft.network.Attention;
import dev.weft.network.NeuronBlock;
import dev.weft.network.Seed;
import dev.weft.symmetry.FunctionDifference;
import dev.weft.symmetry.expand.Expanded;
import dev.weft.symmetry.expand.Expansions;
import dev.weft.symmetry.expand.FreeValues;
import dev.weft.symmetry.expand.IdentityInsertion;
import dev.weft.symmetry.expand.LayerInsertion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code weft expand}. */
@Command(
        name = "expand",
        description = {
            "Make a network larger without changing its function: wider layers, more or wider heads, a wider stream, more"
                    + " layers. New values are random where the function does not feel them, and zero where it would.",
            "Expansions are made in the order of this help. Block names are those that weft graph show lists; * stands for any"
                    + " run of characters. The larger network is run against the small one before it is written."
        },
        footer = {
            "",
            "Example:",
            "  weft expand mlp.safetensors --width seq.0=128 --out wider.safetensors",
            "  weft expand gpt2 --repeat transformer.h.11 --width 'transformer.h.*.mlp.c_fc=4096' --out larger.safetensors",
            "  weft expand cnn.safetensors --split conv.1=48 --identity-after act.1 --out deeper.safetensors"
        })
public final class ExpandCommand implements Callable<Integer> {

    private static final long MOST_IN_DOUBLE = 30_000_000; // parameters
    private static final double SAME = 1e-9;
    private static final double SAME_IN_SINGLE = 1e-3;

    @Parameters(paramLabel = "NETWORK", description = "A checkpoint, or a zoo's directory.")
    private Path network;

    @Option(names = "--row", paramLabel = "ID", description = "Which network of the zoo (default: the first).")
    private @Nullable String row;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "The safetensors file to write.")
    private Path out;

    @Option(names = "--force", description = "Replace FILE if it exists.")
    private boolean force;

    @Option(
            names = "--repeat",
            paramLabel = "LAYER",
            description = "Insert a copy of a residual layer behind it whose branches write zeros yet.")
    private List<String> repeat = new ArrayList<>();

    @Option(
            names = "--identity-after",
            paramLabel = "NODE",
            description = "Insert a layer behind a ReLU that passes everything on.")
    private List<String> identities = new ArrayList<>();

    @Option(
            names = "--width",
            paramLabel = "BLOCK=SIZE",
            description = "Add neurons or channels that nothing reads yet.")
    private Map<String, Integer> widths = new LinkedHashMap<>();

    @Option(
            names = "--split",
            paramLabel = "BLOCK=SIZE",
            description = "Add copies of neurons or channels, which share with the old ones what is read from them.")
    private Map<String, Integer> splits = new LinkedHashMap<>();

    @Option(
            names = "--head-count",
            paramLabel = "NUMBER",
            description = "So many heads of keys and values in each attention layer, with their query heads.")
    private @Nullable Integer heads;

    @Option(names = "--value-width", paramLabel = "NUMBER", description = "So many coordinates of each head's values.")
    private @Nullable Integer values;

    @Option(names = "--key-width", paramLabel = "NUMBER", description = "So many coordinates of each head's keys.")
    private @Nullable Integer keys;

    @Option(
            names = "--stream",
            paramLabel = "BLOCK=SIZE",
            description = "Add neurons to a residual stream that RMS norms read.")
    private Map<String, Integer> streams = new LinkedHashMap<>();

    @Mixin
    private RecognitionOptions recognition = new RecognitionOptions();

    @Mixin
    private SeedOption seed = new SeedOption();

    @Mixin
    private Output output = new Output();

    @Spec
    private CommandSpec command;

    /**
     * What was made.
     *
     * @param difference of the outputs of both networks on random inputs, relative to the largest
     */
    record Report(
            String network,
            String from,
            String to,
            long parametersBefore,
            long parameters,
            double difference,
            String out) {}

    @Override
    public Integer call() throws IOException {
        TensorFormat format = LoadedNetwork.checkTarget(out, force);
        LoadedNetwork.requireSafetensors(format, out);
        LoadedNetwork subject = LoadedNetwork.open(network, row, recognition.hints());
        Expanded larger = expand(new Expanded(subject.architecture(), subject.row()));
        if (larger.architecture().equals(subject.architecture())) {
            throw new ParameterException(
                    command.commandLine(),
                    "expected an expansion: --repeat, --identity-after, --width, --split,"
                            + " --head-count, --value-width, --key-width or --stream");
        }
        double difference = difference(subject, larger);
        LoadedNetwork.write(larger.architecture(), larger.row(), subject.path().toString(), format, out);
        Report report = new Report(
                subject.title(),
                subject.architecture().toString(),
                larger.architecture().toString(),
                subject.architecture().parameterCount(),
                larger.architecture().parameterCount(),
                difference,
                out.toString());
        output.print(report, text -> text.print(text(report)));
        return ExitCode.OK;
    }

    private Expanded expand(Expanded start) {
        Expanded on = start;
        for (String layer : repeat) {
            on = LayerInsertion.repeat(on.architecture(), on.row(), layer);
        }
        for (String node : identities) {
            on = IdentityInsertion.behind(on.architecture(), on.row(), node);
        }
        for (Map.Entry<String, Integer> width : widths.entrySet()) {
            for (String block : matching(on.architecture(), width.getKey())) {
                on = of(on).widen(Expansions.block(on.architecture(), block), width.getValue());
            }
        }
        for (Map.Entry<String, Integer> split : splits.entrySet()) {
            for (String block : matching(on.architecture(), split.getKey())) {
                Seed parts = seed.get().split("split").split(block);
                on = of(on).split(Expansions.block(on.architecture(), block), split.getValue(), parts);
            }
        }
        on = attention(on);
        for (Map.Entry<String, Integer> stream : streams.entrySet()) {
            on = of(on).widenStream(Expansions.block(on.architecture(), stream.getKey()), stream.getValue());
        }
        return on;
    }

    private Expanded attention(Expanded start) {
        Expanded on = start;
        List<String> layers = start.architecture().nodes().stream()
                .filter(node -> node.layer() instanceof Attention.Heads)
                .map(Architecture.Node::name)
                .toList();
        if (layers.isEmpty() && (heads != null || values != null || keys != null)) {
            throw new IllegalArgumentException(start.architecture() + " has no attention whose heads could grow");
        }
        for (String layer : layers) {
            on = heads == null ? on : of(on).addHeads(layer, heads);
            on = values == null ? on : of(on).widenValues(layer, values);
            on = keys == null ? on : of(on).widenKeys(layer, keys);
        }
        return on;
    }

    private Expansions of(Expanded on) {
        return new Expansions(
                on.architecture(), on.row(), FreeValues.random(seed.get().split("free")));
    }

    /** Returns the names of the hidden blocks that a pattern stands for. */
    private static List<String> matching(Architecture architecture, String pattern) {
        Pattern regex = Pattern.compile(Pattern.compile("*", Pattern.LITERAL)
                .splitAsStream(pattern + " ")
                .map(part -> Pattern.quote(part.stripTrailing()))
                .collect(Collectors.joining(".*")));
        List<String> found = architecture.blocks().stream()
                .filter(NeuronBlock::permutable)
                .map(NeuronBlock::name)
                .filter(name -> regex.matcher(name).matches())
                .toList();
        return found.isEmpty() ? List.of(Expansions.block(architecture, pattern).name()) : found;
    }

    /** Runs both networks; a difference beyond rounding is a defect of ours, and nothing is written. */
    private double difference(LoadedNetwork subject, Expanded larger) {
        boolean wide = larger.architecture().parameterCount() <= MOST_IN_DOUBLE;
        double difference = FunctionDifference.of(
                subject.architecture(),
                subject.row(),
                larger.architecture(),
                larger.row(),
                seed.get().split("inputs"),
                wide);
        if (!(difference <= (wide ? SAME : SAME_IN_SINGLE))) {
            throw new IllegalStateException("the larger network's outputs differ by " + difference);
        }
        return difference;
    }

    private static String text(Report report) {
        return String.format(
                Locale.ROOT,
                "%s: %s, %,d parameters%n  -> %s, %,d parameters%n"
                        + "outputs on random inputs differ by %.1e of the largest%nwritten to %s%n",
                report.network,
                report.from,
                report.parametersBefore,
                report.to,
                report.parameters,
                report.difference,
                report.out);
    }
}
