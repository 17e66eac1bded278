package dev.weft.checkpoints.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.weft.checkpoints.format.Safetensors.Tensor;
import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The JSON part of a safetensors file, parsed and checked against the length of the data that follows it. */
record SafetensorsHeader(SortedMap<String, Tensor> tensors, SortedMap<String, String> metadata) {

    /** The key that is not a tensor. */
    static final String METADATA = "__metadata__";

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /**
     * Parses and checks a header.
     *
     * @param file named in messages
     * @param json the header's bytes, padding included
     * @param dataLength bytes behind the header
     */
    static SafetensorsHeader parse(String file, byte[] json, long dataLength) throws FormatException {
        if (json.length == 0 || json[0] != '{') {
            throw new FormatException.Corrupt(
                    file,
                    "expected the header to start with '{', found "
                            + (json.length == 0 ? "nothing" : "'" + (char) (json[0] & 0xff) + "'"));
        }
        SafetensorsHeader header;
        try (JsonParser parser = JSON.createParser(utf8(json))) {
            header = new Parsing(file, parser).header();
        } catch (CharacterCodingException e) {
            throw new FormatException.Corrupt(file, "expected the header in UTF-8", e);
        } catch (JsonProcessingException e) {
            throw new FormatException.Corrupt(file, "the header is not valid JSON: " + e.getOriginalMessage(), e);
        } catch (FormatException e) {
            throw e;
        } catch (IOException e) {
            throw new FormatException.Corrupt(file, "the header cannot be read: " + e.getMessage(), e);
        }
        checkCoverage(file, header.tensors, dataLength);
        return header;
    }

    private static String utf8(byte[] bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }

    /** The tensors must tile the data: no gap, no overlap, nothing behind the last. */
    private static void checkCoverage(String file, Map<String, Tensor> tensors, long dataLength)
            throws FormatException {
        List<Tensor> byOffset = new ArrayList<>(tensors.values());
        byOffset.sort(Comparator.comparingLong(Tensor::begin).thenComparingLong(Tensor::end));
        long expected = 0;
        for (Tensor tensor : byOffset) {
            if (tensor.begin() != expected) {
                throw new FormatException.Corrupt(
                        file,
                        "tensor '" + tensor.name() + "': expected data to begin at " + expected + ", found "
                                + tensor.begin() + (tensor.begin() > expected ? " (a gap)" : " (an overlap)"));
            }
            expected = tensor.end();
        }
        if (expected != dataLength) {
            throw new FormatException.Corrupt(
                    file, "the tensors end at byte " + expected + " of the data, the file at byte " + dataLength);
        }
    }

    /** One pass over the tokens. */
    private static final class Parsing {
        private final String file;
        private final JsonParser parser;
        private final SortedMap<String, Tensor> tensors = new TreeMap<>();
        private final SortedMap<String, String> metadata = new TreeMap<>();

        Parsing(String file, JsonParser parser) {
            this.file = file;
            this.parser = parser;
        }

        SafetensorsHeader header() throws IOException {
            expect(JsonToken.START_OBJECT, parser.nextToken(), "the header");
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                if (name.equals(METADATA)) {
                    metadata();
                } else {
                    tensors.put(name, tensor(name));
                }
            }
            if (parser.nextToken() != null) {
                throw corrupt("expected nothing behind the header's JSON, found " + parser.currentToken());
            }
            return new SafetensorsHeader(tensors, metadata);
        }

        private void metadata() throws IOException {
            expect(JsonToken.START_OBJECT, parser.nextToken(), METADATA);
            for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
                expect(JsonToken.VALUE_STRING, parser.nextToken(), METADATA + " '" + key + "'");
                metadata.put(key, parser.getText());
            }
        }

        private Tensor tensor(String name) throws IOException {
            String where = "tensor '" + name + "'";
            expect(JsonToken.START_OBJECT, parser.nextToken(), where);
            Dtype dtype = null;
            List<Long> shape = null;
            List<Long> offsets = null;
            for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
                switch (key) {
                    case "dtype" -> dtype = dtype(where);
                    case "shape" -> shape = longs(where + ", shape");
                    case "data_offsets" -> offsets = longs(where + ", data_offsets");
                    default ->
                        throw corrupt(where + ": expected dtype, shape and data_offsets, found the key '" + key + "'");
                }
            }
            if (dtype == null || shape == null || offsets == null || offsets.size() != 2) {
                throw corrupt(where + ": expected dtype, shape and two data_offsets, found dtype " + dtype + ", shape "
                        + shape + ", data_offsets " + offsets);
            }
            return checked(new Tensor(name, dtype, shape, offsets.get(0), offsets.get(1)));
        }

        private Dtype dtype(String where) throws IOException {
            expect(JsonToken.VALUE_STRING, parser.nextToken(), where + ", dtype");
            String name = parser.getText();
            return Dtype.named(name)
                    .orElseThrow(() -> new FormatException.Unsupported(
                            file,
                            where + ": expected one of " + Arrays.toString(Dtype.values()) + ", found '" + name + "'"));
        }

        private List<Long> longs(String where) throws IOException {
            expect(JsonToken.START_ARRAY, parser.nextToken(), where);
            List<Long> values = new ArrayList<>();
            for (JsonToken t = parser.nextToken(); t != JsonToken.END_ARRAY; t = parser.nextToken()) {
                expect(JsonToken.VALUE_NUMBER_INT, t, where);
                long value = parser.getLongValue(); // throws beyond 64 bits
                if (value < 0) {
                    throw corrupt(where + ": expected numbers from 0, found " + value);
                }
                values.add(value);
            }
            return List.copyOf(values);
        }

        private Tensor checked(Tensor tensor) throws FormatException {
            String where = "tensor '" + tensor.name() + "': ";
            if (tensor.end() < tensor.begin()) {
                throw corrupt(where + "data_offsets run backwards, " + tensor.begin() + " to " + tensor.end());
            }
            long expected;
            try {
                expected = Math.multiplyExact(tensor.elements(), tensor.dtype().bytes());
            } catch (ArithmeticException e) {
                throw corrupt(where + "shape " + tensor.shape() + " is larger than any file");
            }
            if (expected != tensor.end() - tensor.begin()) {
                throw corrupt(where + "shape " + tensor.shape() + " of " + tensor.dtype() + " takes " + expected
                        + " bytes, data_offsets give " + (tensor.end() - tensor.begin()));
            }
            return tensor;
        }

        private void expect(JsonToken expected, @Nullable JsonToken found, String where) throws FormatException {
            if (found != expected) {
                throw corrupt(where + ": expected " + expected + ", found " + found);
            }
        }

        private FormatException corrupt(String what) {
            return new FormatException.Corrupt(file, what);
        }
    }
}
