package dev.weft.metanets.nowcast;

import dev.weft.checkpoints.format.AtomicFile;
import dev.weft.checkpoints.format.TensorFile;
import dev.weft.checkpoints.format.TensorFormat;
import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A folder that a training script in another process writes numbered checkpoints into, for example {@code
 * step-000200.safetensors}, and where forecasts appear beside them: {@code nowcast-step-001000.safetensors} is made from that
 * checkpoint and the four before it. With {@code every} of five or more, states from before a forecast are not mixed with
 * those behind it, if the script waits for its forecasts.
 *
 * <p>Everything that is known is in the folder, so that a watcher can be killed and begin again: the forecasts, which appear
 * whole or not at all, and a small file with the number of the last checkpoint that was forecast, since the script may delete
 * forecasts. A checkpoint that cannot be opened is being written, or its writer was killed: it is passed over until it can.
 */
public final class NowcastFolder {

    /** What the names of forecasts begin with. */
    public static final String PREFIX = "nowcast-";

    private static final String STATE = ".weft-nowcast";
    private static final int STATE_LIMIT = 100;
    private static final Pattern NUMBER = Pattern.compile("(\\d{1,18})(?!.*\\d)");

    private final Path folder;
    private final int every;

    /** What is known of past forecasts. */
    private record Done(long number, long forecasts) {}

    /** A checkpoint that is there and whole. */
    private record Numbered(long number, Path file) {}

    /**
     * What is to be forecast next.
     *
     * @param states five checkpoints, oldest first
     * @param number of the last one
     * @param index how many forecasts came before
     * @param out what is to be written
     */
    public record Window(List<Path> states, long number, long index, Path out) {
        public Window {
            states = List.copyOf(states);
        }
    }

    /**
     * @param every checkpoints from one forecast to the next; with fewer than five, forecasts share states, which makes
     *     sense only if the script does not go on from them
     */
    public NowcastFolder(Path folder, int every) {
        if (every < 1) {
            throw new IllegalArgumentException("expected a forecast every 1 or more checkpoints, found " + every);
        }
        this.folder = folder;
        this.every = every;
    }

    /** Looks for the next five checkpoints to forecast from; nothing if there are not enough yet. */
    public Optional<Window> next() throws IOException {
        Done done = done();
        List<Numbered> whole = whole(done.number);
        int fresh =
                (int) whole.stream().filter(each -> each.number > done.number).count();
        if (fresh < every || whole.size() < Trajectory.STATES) {
            return Optional.empty();
        }
        List<Numbered> last = whole.subList(whole.size() - Trajectory.STATES, whole.size());
        if (!evenlySpaced(last)) {
            return Optional.empty();
        }
        Numbered newest = last.get(Trajectory.STATES - 1);
        Path out = folder.resolve(PREFIX + newest.file.getFileName());
        return Optional.of(new Window(last.stream().map(Numbered::file).toList(), newest.number, done.forecasts, out));
    }

    private static boolean evenlySpaced(List<Numbered> states) {
        long interval = states.get(1).number - states.get(0).number;
        for (int i = 1; i < states.size(); i++) {
            if (interval == 0 || states.get(i).number - states.get(i - 1).number != interval) {
                return false;
            }
        }
        return true;
    }

    /** Notes that a window is done with, whether a forecast was written or the states were refused. */
    public void finish(Window window) throws IOException {
        byte[] text = (window.number + " " + (window.index + 1) + "\n").getBytes(StandardCharsets.US_ASCII);
        AtomicFile.write(folder.resolve(STATE), channel -> channel.write(ByteBuffer.wrap(text)));
    }

    private Done done() throws IOException {
        Done done = noted();
        long forecasts = 0;
        long newest = -1;
        for (Path file : files(PREFIX)) {
            forecasts++;
            newest = Math.max(newest, number(file));
        }
        return newest > done.number ? new Done(newest, Math.max(forecasts, done.forecasts + 1)) : done;
    }

    private Done noted() throws IOException {
        Path file = folder.resolve(STATE);
        try {
            if (Files.size(file) > STATE_LIMIT) {
                throw new FormatException.Corrupt(file.toString(), "expected two numbers, found a long file");
            }
            Matcher numbers = Pattern.compile("(\\d{1,18}) (\\d{1,18})\n")
                    .matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
            if (!numbers.matches()) {
                throw new FormatException.Corrupt(
                        file.toString(), "expected the last checkpoint's number and that of forecasts");
            }
            return new Done(Long.parseLong(numbers.group(1)), Long.parseLong(numbers.group(2)));
        } catch (NoSuchFileException e) {
            return new Done(-1, 0);
        }
    }

    /** Returns checkpoints that open, by number; with {@code every} of five or more only those behind the last forecast. */
    private List<Numbered> whole(long doneNumber) throws IOException {
        List<Numbered> whole = new ArrayList<>();
        for (Path file : files("")) {
            long number = number(file);
            boolean used = every >= Trajectory.STATES && number <= doneNumber;
            if (number >= 0 && !used && opens(file)) {
                whole.add(new Numbered(number, file));
            }
        }
        whole.sort(Comparator.comparingLong(Numbered::number));
        return whole;
    }

    private static boolean opens(Path file) {
        try (TensorFile opened = TensorFile.open(file)) {
            return !opened.tensors().isEmpty();
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns files of a known format whose names begin so; forecasts only if they are asked for. */
    private List<Path> files(String prefix) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
            for (Path file : all) {
                String name = String.valueOf(file.getFileName());
                boolean known = TensorFormat.forName(file).isPresent() && Files.isRegularFile(file);
                boolean wanted = name.startsWith(prefix) && (!prefix.isEmpty() || !name.startsWith(PREFIX));
                if (known && wanted && !name.startsWith(".")) {
                    files.add(file);
                }
            }
        }
        return files;
    }

    /** Returns the last number in a file's name, its extension left out, or -1. */
    private static long number(Path file) {
        @Nullable Path name = file.getFileName();
        String text = String.valueOf(name);
        int dot = text.lastIndexOf('.');
        Matcher matcher = NUMBER.matcher(dot > 0 ? text.substring(0, dot) : text);
        return matcher.find() ? Long.parseLong(matcher.group(1)) : -1;
    }
}
