package dev.weft.cli.model;

import dev.weft.metanets.task.InrClassification;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What a metanet says a network shows.
 *
 * @param answer name of the likeliest class
 * @param probability of it
 * @param probabilities of all classes, the likeliest first
 */
public record ClassAnswer(String answer, double probability, Map<String, Double> probabilities) {

    /** Reads a metanet's outputs, one a class. */
    public static ClassAnswer of(float[] outputs, List<String> classes) {
        double[] probabilities = InrClassification.probabilities(outputs);
        Map<String, Double> sorted = new LinkedHashMap<>();
        IntStream.range(0, classes.size())
                .boxed()
                .sorted(Comparator.comparingDouble(c -> -probabilities[c]))
                .forEach(c -> sorted.put(classes.get(c), probabilities[c]));
        int best = InrClassification.argMax(outputs);
        return new ClassAnswer(classes.get(best), probabilities[best], sorted);
    }
}
