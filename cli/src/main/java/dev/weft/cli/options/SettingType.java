package dev.weft.cli.options;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/** What a setting may be: which values its type accepts, without any conversion, and what to call it in messages. */
final class SettingType {

    private static final Set<Class<?>> INTEGERS = Set.of(int.class, long.class, Integer.class, Long.class);
    private static final Set<Class<?>> INTS = Set.of(int.class, Integer.class);
    private static final Set<Class<?>> REALS = Set.of(double.class, float.class, Double.class, Float.class);
    private static final Set<Class<?>> BOOLEANS = Set.of(boolean.class, Boolean.class);
    private static final Pattern EXPONENT = Pattern.compile("[-+]?[0-9]+[eE][-+]?[0-9]+");

    private SettingType() {}

    /** Returns whether a value has the type as it stands. */
    static boolean accepts(JavaType type, JsonNode value) {
        Class<?> raw = type.getRawClass();
        if (type.isCollectionLikeType()) {
            return value.isArray()
                    && StreamSupport.stream(value.spliterator(), false)
                            .allMatch(element -> accepts(type.getContentType(), element));
        }
        if (INTEGERS.contains(raw)) {
            return value.isIntegralNumber()
                    && (INTS.contains(raw) ? value.canConvertToInt() : value.canConvertToLong());
        }
        if (REALS.contains(raw)) {
            return value.isNumber();
        }
        if (BOOLEANS.contains(raw)) {
            return value.isBoolean();
        }
        if (raw.isEnum()) {
            return value.isTextual()
                    && Arrays.asList(names(raw)).contains(value.textValue().toLowerCase(Locale.ROOT));
        }
        return raw.isRecord() ? value.isObject() : value.isTextual();
    }

    /** Returns {@code 1e-3} as a number where one is expected: YAML 1.1 wants a point in it and takes it for text. */
    static JsonNode withExponent(JavaType type, JsonNode value) {
        boolean isExponent =
                value.isTextual() && EXPONENT.matcher(value.textValue()).matches();
        return isExponent && REALS.contains(type.getRawClass())
                ? DoubleNode.valueOf(Double.parseDouble(value.textValue()))
                : value;
    }

    /** Returns for example {@code a list (each an integer)}. */
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
        if (BOOLEANS.contains(raw)) {
            return "true or false";
        }
        if (raw.isEnum()) {
            return "one of " + Arrays.toString(names(raw));
        }
        return raw.isRecord() ? "settings by key" : "text";
    }

    private static String[] names(Class<?> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(constant -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT))
                .toArray(String[]::new);
    }
}
