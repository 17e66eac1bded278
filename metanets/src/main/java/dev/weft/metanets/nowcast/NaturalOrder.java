package dev.weft.metanets.nowcast;

import java.util.Iterator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The order of names in which {@code 9.weight} comes before {@code 10.weight}, and {@code weight} before {@code bias}. */
final class NaturalOrder {

    private static final Pattern PART = Pattern.compile("\\d{1,18}|\\D+|\\d+");
    private static final String BIAS = "bias";
    private static final char LAST = Character.MAX_VALUE;

    private NaturalOrder() {}

    static int compare(String a, String b) {
        Iterator<String> left = parts(a);
        Iterator<String> right = parts(b);
        while (left.hasNext() && right.hasNext()) {
            int order = compareParts(left.next(), right.next());
            if (order != 0) {
                return order;
            }
        }
        return Boolean.compare(left.hasNext(), right.hasNext());
    }

    private static Iterator<String> parts(String name) {
        return PART.matcher(name).results().map(MatchResult::group).iterator();
    }

    private static int compareParts(String a, String b) {
        if (isNumber(a) && isNumber(b)) {
            return Long.compare(Long.parseLong(a), Long.parseLong(b));
        }
        return sortable(a).compareTo(sortable(b));
    }

    private static String sortable(String part) {
        return part.endsWith(BIAS) ? part.substring(0, part.length() - BIAS.length()) + LAST : part;
    }

    private static boolean isNumber(String part) {
        return Character.isDigit(part.charAt(0)) && part.length() <= 18;
    }
}
