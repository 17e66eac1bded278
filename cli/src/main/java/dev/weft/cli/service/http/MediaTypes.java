package dev.weft.cli.service.http;

import dev.weft.cli.service.problem.Problem;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code Accept} and {@code Content-Type}, as far as the service needs them. */
final class MediaTypes {

    static final String JSON = "application/json";
    static final String SVG = "image/svg+xml";

    private MediaTypes() {}

    /**
     * Chooses the form of an answer.
     *
     * @param accept the header, none for anything
     * @param offered forms, the preferred one first
     * @throws dev.weft.cli.service.problem.ServiceException if none of them is acceptable
     */
    static String choose(@Nullable String accept, List<String> offered) {
        if (accept == null || accept.isBlank()) {
            return offered.get(0);
        }
        String best = null;
        double most = 0;
        for (String form : offered) {
            double quality = quality(accept, form);
            if (quality > most) {
                best = form;
                most = quality;
            }
        }
        if (best == null) {
            throw Problem.NOT_ACCEPTABLE.because("expected Accept to allow one of " + offered + ", found " + accept);
        }
        return best;
    }

    /** Returns what the most specific range that a form falls into says of it. */
    private static double quality(String accept, String form) {
        double quality = 0;
        int specific = -1;
        for (String range : accept.split(",", -1)) {
            String[] parts = range.split(";", -1);
            String type = parts[0].strip().toLowerCase(Locale.ROOT);
            int rank = rank(type, form);
            if (rank > specific) {
                specific = rank;
                quality = weight(parts);
            }
        }
        return quality;
    }

    private static int rank(String range, String form) {
        if (range.equals(form)) {
            return 2;
        } else if (range.endsWith("/*") && form.startsWith(range.substring(0, range.length() - 1))) {
            return 1;
        }
        return range.equals("*/*") ? 0 : -1;
    }

    private static double weight(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip().toLowerCase(Locale.ROOT);
            if (parameter.startsWith("q=")) {
                try {
                    return Math.max(0, Math.min(1, Double.parseDouble(parameter.substring(2))));
                } catch (NumberFormatException e) {
                    return 0;
                }
            }
        }
        return 1;
    }

    /** Returns a body's type without its parameters, empty if there is none. */
    static String bare(@Nullable String contentType) {
        return contentType == null ? "" : contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }

    /** Refuses a body of another type; no type at all is taken for the right one. */
    static void require(@Nullable String contentType, Collection<String> expected) {
        String found = bare(contentType);
        if (!found.isEmpty() && !expected.contains(found)) {
            throw Problem.UNSUPPORTED_TYPE.because(
                    "expected a body of type " + String.join(" or ", expected) + ", found " + found);
        }
    }
}
