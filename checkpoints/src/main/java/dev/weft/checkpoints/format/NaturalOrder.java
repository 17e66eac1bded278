package dev.weft.checkpoints.format;

import java.util.Comparator;

/** The order in which people number layers: 2 before 10. */
public final class NaturalOrder {

    private NaturalOrder() {}

    /** Texts in dictionary order, but runs of digits by their value; equal only if the texts are. */
    public static final Comparator<String> NAMES = NaturalOrder::compare;

    private static int compare(String a, String b) {
        int i = 0;
        int j = 0;
        while (i < a.length() && j < b.length()) {
            int compared;
            if (isDigit(a.charAt(i)) && isDigit(b.charAt(j))) {
                String x = digits(a, i);
                String y = digits(b, j);
                i += x.length();
                j += y.length();
                compared = compareNumbers(x, y);
            } else {
                compared = Character.compare(a.charAt(i++), b.charAt(j++));
            }
            if (compared != 0) {
                return compared;
            }
        }
        int rest = Integer.compare(a.length() - i, b.length() - j);
        return rest != 0 ? rest : a.compareTo(b);
    }

    private static int compareNumbers(String x, String y) {
        String a = x.replaceFirst("^0+", "");
        String b = y.replaceFirst("^0+", "");
        return a.length() != b.length() ? Integer.compare(a.length(), b.length()) : a.compareTo(b);
    }

    private static String digits(String text, int from) {
        int to = from;
        while (to < text.length() && isDigit(text.charAt(to))) {
            to++;
        }
        return text.substring(from, to);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
