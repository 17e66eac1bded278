package dev.weft.cli.options;

import java.util.Collection;
import java.util.Comparator;

/** Finds what somebody may have meant. */
public final class NearestName {

    private NearestName() {}

    /** Returns the name that takes the fewest inserted, deleted or changed letters, in {@code O(names * length^2)}. */
    public static String of(String typed, Collection<String> names) {
        return names.stream()
                .min(Comparator.comparingInt(name -> distance(typed, name)))
                .orElseThrow(() -> new IllegalArgumentException("no names to choose from"));
    }

    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
