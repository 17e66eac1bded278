package dev.weft.cli.zoo;

import com.fasterxml.jackson.databind.SequenceWriter;
import com.fasterxml.jackson.dataformat.csv.CsvGenerator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import dev.weft.checkpoints.Zoo;
import dev.weft.checkpoints.ZooExport;
import dev.weft.checkpoints.ZooParquet;
import dev.weft.cli.exit.ExitCode;
import dev.weft.cli.options.Output;
import dev.weft.cli.options.ProgressOption;
import dev.weft.cli.report.Json;
import dev.weft.cli.report.Progress;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code weft zoo export}. */
@Command(
        name = "export",
        description = {
            "Take networks out of a zoo as safetensors files with PyTorch's names and layouts,",
            "what is known about them as CSV or JSON lines, or everything as one Parquet file."
        },
        footer = {
            "",
            "Example:",
            "  weft zoo export digits-zoo --row digits-17 --out networks",
            "  weft zoo export digits-zoo --format csv --out digits.csv",
            "  weft zoo export digits-zoo --format parquet --out digits.parquet"
        })
final class ZooExportCommand implements Callable<Integer> {

    private static final CsvMapper CSV = CsvMapper.builder()
            .enable(CsvGenerator.Feature.STRICT_CHECK_FOR_QUOTING)
            .build();

    /** What is written. */
    enum Format {
        SAFETENSORS,
        CSV,
        JSONL,
        PARQUET
    }

    /**
     * What the command reports.
     *
     * @param rows how many networks were written
     * @param out where
     */
    record Report(int rows, Format format, Path out) {}

    @Parameters(paramLabel = "ZOO", description = "The zoo's directory.")
    private Path zoo;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "safetensors, csv, jsonl or parquet (default: safetensors).")
    private Format format = Format.SAFETENSORS;

    @Option(
            names = "--out",
            paramLabel = "PATH",
            required = true,
            description = "A directory for safetensors files, one a network; a file for the other formats.")
    private Path out;

    @Mixin
    private final RowSelection selection = new RowSelection();

    @Mixin
    private final ProgressOption progress = new ProgressOption();

    @Mixin
    private final Output output = new Output();

    @Override
    public Integer call() throws IOException {
        try (Zoo open = Zoo.open(zoo)) {
            int[] rows = selection.of(open, zoo);
            write(open, rows);
            output.print(
                    new Report(rows.length, format, out),
                    text -> text.printf(
                            Locale.ROOT,
                            "%,d network%s written to %s%n",
                            rows.length,
                            rows.length == 1 ? "" : "s",
                            out));
        }
        return ExitCode.OK;
    }

    private void write(Zoo open, int[] rows) throws IOException {
        switch (format) {
            case SAFETENSORS -> safetensors(open, rows, out);
            case CSV -> csv(open, rows, out);
            case JSONL -> jsonl(open, rows, out);
            case PARQUET -> parquet(open, rows, out);
        }
    }

    private static void safetensors(Zoo open, int[] rows, Path folder) throws IOException {
        Files.createDirectories(folder);
        for (int row : rows) {
            ZooExport.write(open, row, folder.resolve(fileName(open.id(row))));
        }
    }

    /** Ids are free texts: what could leave the directory or trouble a shell becomes an underscore. */
    static String fileName(String id) {
        return id.replaceAll("[^\\p{L}\\p{N}._-]", "_").replaceFirst("^\\.", "_") + ".safetensors";
    }

    private static void csv(Zoo open, int[] rows, Path file) throws IOException {
        CsvSchema.Builder columns = CsvSchema.builder().setUseHeader(true);
        RowMetadata.columns(open).forEach(columns::addColumn);
        try (Writer writer = Files.newBufferedWriter(file);
                SequenceWriter lines = CSV.writer(columns.build()).writeValues(writer)) {
            for (int row : rows) {
                lines.write(RowMetadata.of(open, row));
            }
        }
    }

    private void parquet(Zoo open, int[] rows, Path file) throws IOException {
        try (Progress line = progress.start("Writing", rows.length, "networks")) {
            ZooParquet.write(open, rows, file, line::update);
        }
    }

    private static void jsonl(Zoo open, int[] rows, Path file) throws IOException {
        try (PrintWriter lines = new PrintWriter(Files.newBufferedWriter(file))) {
            for (int row : rows) {
                lines.print(Json.line(RowMetadata.of(open, row)) + "\n");
            }
        }
    }
}
