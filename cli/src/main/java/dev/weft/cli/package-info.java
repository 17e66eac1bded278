/**
 * The {@code weft} command. No learning code: a command fetches, calls and reports.
 *
 * <p>To add a command:
 *
 * <ol>
 *   <li>Write a class {@code NounVerbCommand implements Callable<Integer>} with {@code @Command(name, description,
 *       footer)}. The description is one sentence; the footer shows an example as {@code {"", "Example:", "  weft noun
 *       verb ..."}}. {@code --help}, {@code -q}, {@code -v} and the exit codes come from the root command.
 *   <li>Name it in {@code subcommands} of {@link dev.weft.cli.Weft} or of its noun, and it is in the completion too.
 *   <li>Take what it needs as mixins: {@code @Mixin Output output;} for {@code --json}, {@code @Mixin SeedOption seed;},
 *       {@code @Mixin ConfigOptions config;} for {@code --config} and {@code --set}, {@code @Mixin ProgressOption
 *       progress;}.
 *   <li>Report with {@code output.print(result, text -> ...)}: {@code result} is a record and becomes the only thing on
 *       standard output under {@code --json}; otherwise the lambda writes text, for example with {@link
 *       dev.weft.cli.report.Table}. Everything else goes to standard error by SLF4J.
 *   <li>Bind settings with {@code config.bind(Settings.defaults(), flags)}, where {@code Settings} is a record (nested
 *       records are written {@code a.b}) and {@code flags} holds the options that were given by name. Precedence: flag,
 *       {@code --set}, file, default.
 *   <li>In a long job, {@code try (Progress line = progress.start("Fitting", total, "networks"))} and call {@code
 *       line.update(done, "psnr 31.2")} as often as you like; {@code try (Interruption stop = Interruption.watch())} and
 *       hand {@code stop} to the job as its {@link java.util.function.BooleanSupplier}; a job that stops when its thread is
 *       interrupted takes {@code watch(Thread.currentThread()::interrupt)}. If the job stopped early, throw {@link
 *       dev.weft.cli.exit.InterruptedJobException} with the words how to resume: exit code 5.
 *   <li>Return {@link dev.weft.cli.exit.ExitCode#OK} and throw for everything else: {@link dev.weft.cli.exit.Failures}
 *       turns {@code FormatException} into 3, {@code NoSuchFileException} into 4, picocli's {@code ParameterException}
 *       and Weft's {@code IllegalArgumentException} into 2, and the rest into 1.
 *   <li>Draw with {@link dev.weft.cli.plot}: {@code PictureFiles.write(file, () -> CurvePlot.draw(panels))}, and the same
 *       with {@code ConfusionPlot}, {@code ImageGrid} and {@code BarPlot}; it returns false where Java finds no fonts.
 * </ol>
 */
@NullMarked
package dev.weft.cli;

import org.jspecify.annotations.NullMarked;
