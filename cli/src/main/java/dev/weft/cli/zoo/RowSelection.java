package dev.weft.cli.zoo;

import dev.weft.checkpoints.Split;
import dev.weft.checkpoints.Zoo;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --row}, {@code --split} and {@code --limit}: which networks of a zoo are meant, all if nothing is said. */
final class RowSelection {

    @Option(
            names = "--row",
            paramLabel = "ID",
            split = ",",
            description = "Only the network with this id; may be repeated.")
    private List<String> ids = new ArrayList<>();

    @Option(names = "--split", paramLabel = "SPLIT", description = "Only those of train, val or test.")
    private @Nullable Split split;

    @Option(names = "--limit", paramLabel = "N", description = "No more than the first N.")
    private int limit = Integer.MAX_VALUE;

    /**
     * Returns the numbers of the rows, in the order of the ids if any were given, else ascending.
     *
     * @param folder the zoo's, for the message
     * @throws NoSuchFileException if the zoo has no row with one of the ids
     */
    int[] of(Zoo zoo, Path folder) throws NoSuchFileException {
        if (limit < 1) {
            throw new IllegalArgumentException("--limit: expected 1 or more, found " + limit);
        }
        IntStream rows = ids.isEmpty() ? IntStream.range(0, zoo.size()) : named(zoo, folder);
        return rows.filter(row -> split == null || zoo.split(row) == split)
                .limit(limit)
                .toArray();
    }

    private IntStream named(Zoo zoo, Path folder) throws NoSuchFileException {
        Map<String, Integer> rowOfId = new HashMap<>();
        for (int row = 0; row < zoo.size(); row++) {
            rowOfId.put(zoo.id(row), row);
        }
        for (String id : ids) {
            if (!rowOfId.containsKey(id)) {
                throw new NoSuchFileException(
                        folder.toString(),
                        null,
                        "no row '" + id + "'; the first of " + zoo.size() + " is '" + zoo.id(0) + "'");
            }
        }
        return ids.stream().mapToInt(rowOfId::get);
    }
}
