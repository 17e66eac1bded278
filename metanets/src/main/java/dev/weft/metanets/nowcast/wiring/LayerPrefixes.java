package dev.weft.metanets.nowcast.wiring;

import java.util.Comparator;
import java.util.List;

/** What the names of the tensors of a layer begin with. */
final class LayerPrefixes {

    private LayerPrefixes() {}

    /** Returns what stands before {@code sign} in the names that end with it, in the order of the numbers in it. */
    static List<String> of(RowLayout layout, String sign) {
        return layout.tensors().stream()
                .map(RowTensor::name)
                .filter(name -> name.endsWith(sign))
                .map(name -> name.substring(0, name.length() - sign.length()))
                .sorted(Comparator.comparingLong(LayerPrefixes::number))
                .toList();
    }

    /** Returns the last number among the dotted parts of a name, -1 if there is none. */
    private static long number(String prefix) {
        long number = -1;
        for (String part : prefix.split("\\.")) {
            if (!part.isEmpty() && part.length() < 10 && part.chars().allMatch(Character::isDigit)) {
                number = Long.parseLong(part);
            }
        }
        return number;
    }

    /** Returns the name of the one tensor that ends so, or {@code suffix} itself if there is none. */
    static String complete(RowLayout layout, String suffix) {
        return layout.tensors().stream()
                .map(RowTensor::name)
                .filter(name -> name.equals(suffix) || name.endsWith("." + suffix))
                .findFirst()
                .orElse(suffix);
    }
}
