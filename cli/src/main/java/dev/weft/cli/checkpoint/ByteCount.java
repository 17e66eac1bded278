package dev.weft.cli.checkpoint;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Sizes as people write them: {@code 5GB} is 5,000,000,000 bytes, {@code 5GiB} is 5,368,709,120. */
final class ByteCount implements ITypeConverter<Long> {

    private static final Pattern SIZE = Pattern.compile("([0-9]{1,12})\\s*([KMGT]?)(I?)B?");
    private static final String UNITS = "KMGT";

    @Override
    public Long convert(String text) {
        Matcher matcher = SIZE.matcher(text.toUpperCase(Locale.ROOT));
        if (!matcher.matches()
                || (matcher.group(2).isEmpty() && !matcher.group(3).isEmpty())) {
            throw new TypeConversionException("expected a size such as 500MB or 5GiB, found '" + text + "'");
        }
        long base = matcher.group(3).isEmpty() ? 1000 : 1024;
        long size = Long.parseLong(matcher.group(1));
        int exponent = matcher.group(2).isEmpty() ? 0 : UNITS.indexOf(matcher.group(2)) + 1;
        try {
            for (int i = 0; i < exponent; i++) {
                size = Math.multiplyExact(size, base);
            }
        } catch (ArithmeticException e) {
            throw new TypeConversionException("expected a size of less than 2^63 bytes, found '" + text + "'");
        }
        return size;
    }

    /** Returns a size with three digits or so, for people. */
    static String text(long bytes) {
        double size = bytes;
        int unit = -1;
        while (size >= 1000 && unit < UNITS.length() - 1) {
            size /= 1000;
            unit++;
        }
        return unit < 0
                ? bytes + " B"
                : String.format(Locale.ROOT, "%.1f %sB", size, UNITS.charAt(unit) == 'K' ? "k" : UNITS.charAt(unit));
    }
}
