package dev.weft.cli.options;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** The types of settings: what to call them, and the one number that YAML 1.1 takes for text. */
final class Scalars {

    private static final Set<Class<?>> INTEGERS = Set.of(int.class, long.class, Integer.class, Long.class);
    private static final Set<Class<?>> REALS = Set.of(double.class, float.class, Double.class, Float.class);
    private static final Pattern EXPONENT = Pattern.compile("[-+]?[0-9]+[eE][-+]?[0-9]+");

    private Scalars() {}

    /** Returns {@code 1e-3} as a number where one is expected: YAML 1.1 wants a point in it. */
    static JsonNode number(JavaType expected, JsonNode value) {
        boolean isExponent =
                value.isTextual() && EXPONENT.matcher(value.textValue()).matches();
        return isExponent && REALS.contains(expected.getRawClass())
                ? DoubleNode.valueOf(Double.parseDouble(value.textValue()))
                : value;
    }

    /** Returns for example {@code a list of integers}. */
    static String describe(JavaType type) {
        Class<?> raw = type.getRawClass();
        if (type.isCollectionLikeType()) {
            return "a list (each " + describe(type.getContentType()) + ")";
        }
        if (INTEGERS.contains(raw)) {
            return "an integer";
        }
        if (REALS.contains(raw)) {
            return "a number";
        }
        if (raw == boolean.class || raw == Boolean.class) {
            return "true or false";
        }
        if (raw.isEnum()) {
            return "one of " + Arrays.toString(raw.getEnumConstants()).toLowerCase(Locale.ROOT);
        }
        return raw.isRecord() ? "settings by key" : "text";
    }
}
