package dev.weft.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.weft.cli.exit.ExitCode;
import dev.weft.cli.exit.InterruptedJobException;
import dev.weft.cli.options.SeedOption;
import dev.weft.network.FormatException;
import dev.weft.network.Layer;
import dev.weft.network.Seed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class WeftTest {

    @Command(name = "fail", description = "Fails.", footer = "Example:")
    private static final class FailCommand implements Callable<Integer> {
        private final Callable<?> action;

        FailCommand(Callable<?> action) {
            this.action = action;
        }

        @Override
        public Integer call() throws Exception {
            action.call();
            return ExitCode.OK;
        }
    }

    private static Execution failing(Callable<?> action, String... args) {
        String[] all = new String[args.length + 1];
        all[0] = "fail";
        System.arraycopy(args, 0, all, 1, args.length);
        return Execution.with(new FailCommand(action), all);
    }

    private static Callable<?> thrown(Exception e) {
        return () -> {
            throw e;
        };
    }

    @Test
    void aMissingFileIsNotFound() {
        assertEquals(
                new Execution(4, "", "weft fail: /no/zoo: no such file or directory\n"),
                failing(() -> Files.readString(Path.of("/no/zoo"))));
    }

    @Test
    void aDamagedFileIsABadFile() {
        assertEquals(
                new Execution(3, "", "weft fail: a.safetensors: header says 9 bytes, the file has 4\n"),
                failing(thrown(new FormatException.Corrupt("a.safetensors", "header says 9 bytes, the file has 4"))));
    }

    @Test
    void wrappedFailuresCountAsWhatTheyWrap() {
        IOException inside = new FormatException.TooNew("zoo/manifest.json", 9, 1);
        assertEquals(
                new Execution(
                        3,
                        "",
                        "weft fail: zoo/manifest.json: format version 9 is too new;"
                                + " this release reads up to version 1\n"),
                failing(thrown(new UncheckedIOException(inside))));
    }

    @Test
    void aValueThatWeftRefusesIsAUsageError() {
        Execution refused = failing(() -> new Layer.Linear(2, 0, true));
        assertEquals(2, refused.exitCode(), refused.err());
        assertTrue(refused.err().startsWith("weft fail: ") && !refused.err().contains("internal"), refused.err());
    }

    @Test
    void theSameExceptionFromElsewhereIsADefect() {
        Execution defect = failing(() -> List.of(1).subList(1, 0));
        assertEquals(
                new Execution(
                        1,
                        "",
                        "weft fail: internal error: java.lang.IllegalArgumentException:"
                                + " fromIndex(1) > toIndex(0) (-vv shows where)\n"),
                defect);
    }

    @Test
    void veryVerboseAddsTheStackTrace() {
        Execution defect = failing(thrown(new IllegalStateException("closed")), "-vv");
        assertEquals(1, defect.exitCode());
        assertTrue(defect.err().contains("\tat dev.weft.cli.WeftTest"), defect.err());
    }

    @Test
    void errorsAreCaughtToo() {
        Execution full = failing(() -> {
            throw new OutOfMemoryError("Java heap space");
        });
        assertEquals(
                new Execution(
                        1,
                        "",
                        "weft fail: out of memory (Java heap space); give Java more with WEFT_JAVA_OPTS=-Xmx4g\n"),
                full);
    }

    @Test
    void anInterruptedJobSaysHowToResume() {
        assertEquals(
                new Execution(
                        5,
                        "",
                        "weft fail: interrupted; 42 of 60 parts are written;"
                                + " to go on, run the same command with --resume\n"),
                failing(thrown(new InterruptedJobException(
                        "42 of 60 parts are written", "run the same command with --resume"))));
    }

    @Test
    void anUnknownCommandNamesTheNearest() {
        assertEquals(
                new Execution(
                        2, "", "weft: Unmatched argument at index 0: 'nev'\nDid you mean 'env'?\nTry 'weft --help'.\n"),
                Execution.of("nev"));
    }

    @Test
    void anUnknownOptionNamesTheNearest() {
        assertEquals(
                new Execution(
                        2, "", "weft env: Unknown option: '--jsno'\nDid you mean '--json'?\nTry 'weft env --help'.\n"),
                Execution.of("env", "--jsno"));
    }

    @Test
    void withoutACommandTheHelpComesAndTheCodeIsUsage() {
        Execution none = Execution.of();
        assertEquals(2, none.exitCode());
        assertEquals("", none.out());
        assertTrue(none.err().startsWith("Usage: weft [-hqVv] [COMMAND]\n"), none.err());
    }

    @Test
    void theRootHelpListsTheExitCodes() {
        Execution help = Execution.of("--help");
        assertEquals(0, help.exitCode());
        assertTrue(help.out().contains("  5   interrupted; what was done is kept and can be resumed\n"), help.out());
    }

    @Test
    void everyCommandHasHelpWithAnExample() {
        checkHelp(Weft.commandLine());
    }

    private static void checkHelp(CommandLine line) {
        for (Map.Entry<String, CommandLine> each : line.getSubcommands().entrySet()) {
            CommandLine command = each.getValue();
            String help = command.getUsageMessage();
            String name = command.getCommandSpec().qualifiedName();
            assertTrue(help.contains("--help") && help.contains("--verbose"), name + ": " + help);
            if (command.getSubcommands().isEmpty() && !each.getKey().equals("generate-completion")) {
                assertTrue(help.contains("Example:\n  " + name), name + " has no example: " + help);
            }
            checkHelp(command);
        }
    }

    @Test
    void theCompletionScriptKnowsTheCommands() {
        Execution script = Execution.of("generate-completion");
        assertEquals(0, script.exitCode());
        assertTrue(script.out().contains("env") && script.out().startsWith("#!"), "script");
    }

    @Test
    void envSaysWhatItRunsOnAsJson() throws IOException {
        Execution env = Execution.of("env", "--json");
        assertEquals(0, env.exitCode(), env.err());
        JsonNode read = JsonMapper.builder().build().readTree(env.out());
        assertEquals("PyTorch", read.get("engine").textValue());
        assertEquals("cpu", read.get("devices").get(0).textValue());
        assertTrue(read.get("threads").intValue() >= 1, env.out());
    }

    @Test
    void envSaysTheSameAsText() {
        Execution env = Execution.of("env");
        assertTrue(env.out().contains("\nengine           PyTorch "), env.out());
        assertFalse(env.out().contains("{"), env.out());
    }

    @Command(name = "seeded", description = "Prints its seed.", footer = "Example:")
    private static final class SeededCommand implements Callable<Integer> {
        @Mixin
        private SeedOption seed;

        @CommandLine.Spec
        private CommandLine.Model.CommandSpec spec;

        @Override
        public Integer call() {
            spec.commandLine().getOut().println(seed.get().value());
            return ExitCode.OK;
        }
    }

    @Test
    void theSeedHasADefaultThatTheHelpNames() {
        assertEquals(new Execution(0, Seed.DEFAULT + "\n", ""), Execution.with(new SeededCommand(), "seeded"));
        assertEquals(
                "42\n",
                Execution.with(new SeededCommand(), "seeded", "--seed", "42").out());
        String help = Execution.with(new SeededCommand(), "seeded", "--help").out();
        assertTrue(help.contains("(default: 0)"), help);
    }
}
