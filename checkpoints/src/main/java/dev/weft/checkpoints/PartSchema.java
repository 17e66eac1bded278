package dev.weft.checkpoints;

import com.google.flatbuffers.Table;
import dev.weft.network.Architecture;
import dev.weft.network.FormatException;
import java.util.Locale;
import org.apache.arrow.flatbuf.Endianness;
import org.apache.arrow.flatbuf.Field;
import org.apache.arrow.flatbuf.FixedSizeList;
import org.apache.arrow.flatbuf.FloatingPoint;
import org.apache.arrow.flatbuf.Int;
import org.apache.arrow.flatbuf.KeyValue;
import org.apache.arrow.flatbuf.Precision;
import org.apache.arrow.flatbuf.Schema;
import org.apache.arrow.flatbuf.Type;

/**
 * Compares the schema that a part's footer holds with the one that the zoo's header asks for. It walks along what is
 * expected, field by field, so a hostile schema cannot lead it into a cycle or a long loop.
 */
final class PartSchema {

    private static final int METADATA_LIMIT = 1000;

    private PartSchema() {}

    static void check(String file, Schema found, ZooColumns columns, Architecture architecture) throws FormatException {
        if (found.endianness() != Endianness.Little) {
            throw new FormatException.Unsupported(file, "expected little-endian values, found big-endian ones");
        }
        if (found.fieldsLength() != columns.columns().size()) {
            throw new FormatException.Corrupt(
                    file, "expected " + columns.columns().size() + " columns, found " + found.fieldsLength());
        }
        for (int i = 0; i < columns.columns().size(); i++) {
            ZooColumns.Column expected = columns.columns().get(i);
            String where = file + ", column '" + expected.name() + "'";
            expect(where, "name", expected.name(), found.fields(i).name());
            expect(where, "type", name(expected.type(), architecture), name(found.fields(i)));
        }
        String json = metadata(found);
        if (!json.equals(architecture.toJson())) {
            throw new FormatException.Corrupt(
                    file,
                    "expected " + ZooColumns.ARCHITECTURE_KEY + " " + architecture.toJson() + ", found "
                            + (json.isEmpty() ? "none" : json));
        }
    }

    private static void expect(String where, String what, String expected, String found) throws FormatException {
        if (!expected.equals(found)) {
            throw new FormatException.Corrupt(where, "expected " + what + " " + expected + ", found " + found);
        }
    }

    private static String metadata(Schema schema) {
        for (int i = 0; i < Math.min(schema.customMetadataLength(), METADATA_LIMIT); i++) {
            KeyValue entry = schema.customMetadata(i);
            if (ZooColumns.ARCHITECTURE_KEY.equals(entry.key())) {
                return entry.value();
            }
        }
        return "";
    }

    private static String name(ZooColumns.Type type, Architecture architecture) {
        return type == ZooColumns.Type.PARAMETERS
                ? "fixed_size_list<float32>[" + architecture.parameterCount() + "]"
                : type.name().toLowerCase(Locale.ROOT);
    }

    private static String name(Field field) {
        if (field.dictionary() != null) {
            return "dictionary";
        }
        return switch (field.typeType()) {
            case Type.Utf8 -> "utf8";
            case Type.Int -> {
                Int type = type(field, new Int());
                yield (type.isSigned() ? "int" : "uint") + type.bitWidth();
            }
            case Type.FloatingPoint -> name(type(field, new FloatingPoint()));
            case Type.FixedSizeList -> {
                int width = type(field, new FixedSizeList()).listSize();
                boolean single = field.childrenLength() == 1 && isFloat32(field.children(0));
                yield "fixed_size_list<" + (single ? "float32" : "?") + ">[" + width + "]";
            }
            default ->
                field.typeType() >= 0 && field.typeType() < Type.names.length
                        ? Type.names[field.typeType()]
                        : "type number " + field.typeType();
        };
    }

    private static boolean isFloat32(Field item) {
        return item.dictionary() == null
                && item.childrenLength() == 0
                && item.typeType() == Type.FloatingPoint
                && type(item, new FloatingPoint()).precision() == Precision.SINGLE;
    }

    private static String name(FloatingPoint type) {
        return switch (type.precision()) {
            case Precision.HALF -> "float16";
            case Precision.SINGLE -> "float32";
            case Precision.DOUBLE -> "float64";
            default -> "float of precision " + type.precision();
        };
    }

    private static <T extends Table> T type(Field field, T type) {
        if (field.type(type) == null) {
            throw new IllegalArgumentException("a column has a kind of type, but no type");
        }
        return type;
    }
}
