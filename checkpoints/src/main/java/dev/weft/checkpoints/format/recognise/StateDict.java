package dev.weft.checkpoints.format.recognise;

import dev.weft.checkpoints.format.Listing;
import dev.weft.checkpoints.format.NamedTensor;
import dev.weft.checkpoints.format.TensorFile;
import dev.weft.network.FormatException;
import dev.weft.network.Input;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The named tensors of a file as a family knows them, together with everything else that is known about the network.
 *
 * <p>Files put prefixes before names ({@code module.}, {@code _orig_mod.}, {@code state_dict.}, {@code transformer.}): a
 * recogniser looks for a telling tensor with {@link #prefixes}, and {@link #renamed} gives a view in which all tensors have the
 * family's own names.
 */
public final class StateDict {

    private final TensorFile file;
    private final Hints hints;
    private final @Nullable HubConfig config;
    private final TreeMap<String, String> prefixes; // of the family's names to those in the file

    private StateDict(TensorFile file, Hints hints, @Nullable HubConfig config, Map<String, String> prefixes) {
        this.file = file;
        this.hints = hints;
        this.config = config;
        this.prefixes = new TreeMap<>(prefixes);
    }

    /** Reads the configuration that the hints name, or the one beside the file. */
    static StateDict of(TensorFile file, Hints hints) throws IOException {
        HubConfig config = hints.config() == null
                ? HubConfig.beside(file.file().toAbsolutePath()).orElse(null)
                : HubConfig.read(hints.config());
        return new StateDict(file, hints, config, Map.of("", ""));
    }

    /** Returns the file, for recognisers of one format. */
    public TensorFile file() {
        return file;
    }

    public Hints hints() {
        return hints;
    }

    public Optional<HubConfig> config() {
        return Optional.ofNullable(config);
    }

    /** Returns the configuration, or an empty one. */
    public HubConfig configOrEmpty() {
        return config == null ? HubConfig.EMPTY : config;
    }

    /** Returns a text that comes with the tensors, under the given key or one that ends in a dot and the key. */
    public Optional<String> metadata(String key) {
        return file.metadata().entrySet().stream()
                .filter(entry -> entry.getKey().equals(key) || entry.getKey().endsWith("." + key))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /** Returns what stands in the file before each tensor whose name ends in {@code end} at the start of a part of the name. */
    public List<String> prefixes(String end) {
        List<String> found = new ArrayList<>();
        for (String name : file.tensors().keySet()) {
            int at = name.length() - end.length();
            if (name.endsWith(end) && (at == 0 || name.charAt(at - 1) == '.')) {
                found.add(name.substring(0, at));
            }
        }
        return found;
    }

    /**
     * Returns a view with other names.
     *
     * @param prefixes for each prefix of a name in the view, what stands there in the file; the longest that fits counts
     */
    public StateDict renamed(Map<String, String> prefixes) {
        return new StateDict(file, hints, config, prefixes);
    }

    /** Returns the name that a tensor has in the file. */
    public String fileName(String name) {
        String best = "";
        for (String prefix : prefixes.keySet()) {
            if (name.startsWith(prefix) && prefix.length() > best.length()) {
                best = prefix;
            }
        }
        return prefixes.getOrDefault(best, "") + name.substring(best.length());
    }

    /** Finds a tensor. */
    public Optional<NamedTensor> find(String name) {
        return Optional.ofNullable(file.tensors().get(fileName(name)));
    }

    public boolean has(String name) {
        return file.tensors().containsKey(fileName(name));
    }

    /** Returns how many numbers from 0 on stand between {@code before} and {@code after} in the tensors' names. */
    public int count(String before, String after) {
        int count = 0;
        while (has(before + count + after)) {
            count++;
        }
        return count;
    }

    /**
     * Returns the shape of a tensor that the family must have.
     *
     * @param expected its axes, for messages, for example {@code [out, in]}
     * @param axes how many there must be
     * @throws FormatException if it is missing, has other axes, or an extent is 0 or beyond an int
     */
    public List<Integer> shape(String name, String expected, int axes) throws FormatException {
        NamedTensor tensor = find(name).orElseThrow(() -> missing(name, expected));
        if (tensor.shape().size() != axes
                || tensor.shape().stream().anyMatch(extent -> extent < 1 || extent > Integer.MAX_VALUE)) {
            throw corrupt("tensor '" + tensor.name() + "': expected shape " + expected + ", found " + tensor.shape());
        }
        return tensor.shape().stream().map(Long::intValue).toList();
    }

    private FormatException missing(String name, String expected) {
        return corrupt("expected a tensor '" + fileName(name) + "' " + expected + ", found "
                + Listing.of(file.tensors().keySet()));
    }

    /** Returns images of the size that the user gave, or of the usual one. */
    public Input.Image image(int channels, int usual) {
        Integer size = hints.imageSize();
        return size == null ? new Input.Image(channels, usual, usual) : new Input.Image(channels, size, size);
    }

    /** Makes the refusal of a damaged file. */
    public FormatException corrupt(String what) {
        return new FormatException.Corrupt(file.origin(), what);
    }

    /** Makes the refusal of a network that cannot be run. */
    public FormatException unsupported(String what) {
        return new FormatException.Unsupported(file.origin(), what);
    }
}
