package dev.weft.cli.results;

import dev.weft.cli.exit.ExitCode;
import dev.weft.cli.exit.Interruption;
import dev.weft.cli.options.CommandText;
import dev.weft.cli.options.ConfigOptions;
import dev.weft.cli.options.Output;
import dev.weft.cli.options.ProgressOption;
import dev.weft.cli.zoo.ImageOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code weft results parameter-prediction}. */
@Command(
        name = "parameter-prediction",
        description = {
            "Train graph hypernetworks of four kinds on small architectures, let them write the parameters of networks that"
                    + " they have not seen, and write a page with how good those are, beside networks trained by"
                    + " gradient descent.",
            "What is finished is kept, and an interrupted training goes on, so the same command goes on where it was stopped."
        },
        footer = {
            "",
            "Example:",
            "  weft results parameter-prediction --runs prediction --set steps=1000 --set size=8",
            "Example of two processes at once, and of the page behind them:",
            "  weft results parameter-prediction --runs prediction --parts train,judge --arms MLP,GHN-1 &",
            "  weft results parameter-prediction --runs prediction --parts train,judge --arms GHN-2,GHN-3-mini &",
            "  wait; weft results parameter-prediction --runs prediction"
        })
final class ResultsParameterPredictionCommand implements Callable<Integer> {

    @Option(
            names = "--runs",
            paramLabel = "DIR",
            required = true,
            description = "Where the architectures, the runs and their logs are.")
    private Path runs;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            defaultValue = "docs/results/parameter-prediction.md",
            description = "The page; its pictures lie beside it (default: ${DEFAULT-VALUE}).")
    private Path out;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            defaultValue = "3",
            description = "How many times every hypernetwork is trained (default: ${DEFAULT-VALUE}).")
    private int seeds;

    @Option(
            names = "--first-seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "The seeds are N, N + 1, ... (default: ${DEFAULT-VALUE}).")
    private long firstSeed;

    @Option(
            names = "--arms",
            paramLabel = "NAME",
            split = ",",
            defaultValue = "MLP,GHN-1,GHN-2,GHN-3-mini",
            description = {
                "The hypernetworks to work on; the page has all that there is of (default: ${DEFAULT-VALUE}).",
                "Ablations: ghn-1-meta-batches, ghn-2-no-meta-batches, ghn-2-no-virtual-edges, ghn-2-no-normalisation."
            })
    private List<String> arms;

    @Option(
            names = "--parts",
            paramLabel = "PART",
            split = ",",
            defaultValue = "drawn,train,judge,descend,page",
            description = {
                "What to do: networks from drawn starts, train the hypernetworks, judge what they write, train that on, write"
                        + " the page (default: ${DEFAULT-VALUE}).",
                "Calls with other seeds, other arms or other parts may run side by side in one DIR; several with drawn share"
                        + " its splits."
            })
    private Set<PredictionPart> parts;

    @ArgGroup(exclusive = false, heading = "Images (default: the 1,797 built-in digits of 8 x 8 pixels):%n")
    private @Nullable ImageOptions images;

    @Mixin
    private final ConfigOptions config = new ConfigOptions();

    @Mixin
    private final ProgressOption progress = new ProgressOption();

    @Mixin
    private final Output output = new Output();

    @Spec
    private CommandSpec spec;

    /**
     * What {@code --json} prints.
     *
     * @param page null if none was written
     */
    record Report(@Nullable Path page, List<String> pictures, List<PredictionTable.Line> results) {}

    @Override
    public Integer call() throws IOException {
        PredictionShare share = new PredictionShare(
                parts, arms.stream().map(PredictionArm::named).toList(), firstSeed, seeds);
        PredictionSettings settings = config.bind(PredictionSettings.DEFAULT, Map.of());
        ImageOptions source = images == null ? new ImageOptions() : images;
        PredictionExperiment experiment = share.works()
                ? PredictionExperiment.begin(runs, settings, source, progress)
                : PredictionExperiment.open(runs, settings, source);
        try (Interruption stop = Interruption.watch()) {
            experiment.work(share, CommandText.of(spec), progress, stop);
        }
        PredictionFacts facts =
                PredictionFacts.of(experiment, share.range().boxed().toList());
        Report report = share.has(PredictionPart.PAGE)
                ? write(facts)
                : new Report(null, List.of(), PredictionTable.of(facts).lines());
        output.print(report, text -> print(report, text));
        return ExitCode.OK;
    }

    private Report write(PredictionFacts facts) throws IOException {
        PageFiles files = new PageFiles(out);
        new PredictionPictures(facts).write(files);
        files.text(new PredictionPage(facts, files.pictures(), CommandText.of(spec)).text());
        return new Report(out, files.pictures(), PredictionTable.of(facts).lines());
    }

    private static void print(Report report, PrintWriter text) {
        text.print(PredictionTable.text(report.results));
        if (report.page != null) {
            text.println();
            text.printf("Page: %s%s%n", report.page, report.pictures.isEmpty() ? "" : " with " + report.pictures);
        }
    }
}
