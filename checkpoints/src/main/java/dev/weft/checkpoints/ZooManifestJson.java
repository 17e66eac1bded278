package dev.weft.checkpoints;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.weft.network.Architecture;
import dev.weft.network.FormatException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The JSON form of a manifest: {@code {"format":"weft-zoo","version":1,"state":..,"header":{..},"parts":[..]}}. */
final class ZooManifestJson {

    static final String FORMAT = "weft-zoo";
    static final int VERSION = 1;

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .defaultPrettyPrinter(new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n")))
            .build();

    private ZooManifestJson() {}

    @JsonPropertyOrder({"format", "version", "state", "header", "parts"})
    private record Document(
            String format, int version, ZooManifest.State state, Header header, List<ZooManifest.PartFile> parts) {}

    @JsonPropertyOrder({"name", "groups", "metrics", "classes", "provenance", "rows_per_part"})
    private record Header(
            String name,
            List<Group> groups,
            List<String> metrics,
            List<String> classes,
            SortedMap<String, String> provenance,
            @JsonProperty("rows_per_part") int rowsPerPart) {}

    @JsonPropertyOrder({"fingerprint", "rows", "architecture"})
    private record Group(String fingerprint, long rows, JsonNode architecture) {}

    static byte[] write(ZooManifest manifest) {
        ZooHeader header = manifest.header();
        try {
            List<Group> groups = new ArrayList<>();
            for (ZooHeader.Group group : header.groups()) {
                Architecture architecture = group.architecture();
                groups.add(new Group(architecture.fingerprint(), group.rows(), MAPPER.readTree(architecture.toJson())));
            }
            Header document = new Header(
                    header.name(),
                    groups,
                    header.metrics(),
                    header.classes(),
                    new TreeMap<>(header.provenance()),
                    header.rowsPerPart());
            return MAPPER.writerWithDefaultPrettyPrinter()
                    .writeValueAsBytes(new Document(FORMAT, VERSION, manifest.state(), document, manifest.parts()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a manifest always has a JSON form", e);
        }
    }

    static ZooManifest read(String file, byte[] json) throws FormatException {
        JsonNode tree = tree(file, json);
        JsonNode format = tree == null ? null : tree.get("format");
        if (tree == null || format == null || !FORMAT.equals(format.textValue())) {
            throw new FormatException.Corrupt(file, "expected format '" + FORMAT + "', found " + format);
        }
        checkVersion(file, tree.get("version"));
        try {
            Document document = MAPPER.treeToValue(tree, Document.class);
            return new ZooManifest(document.state, header(document.header), document.parts);
        } catch (JsonProcessingException e) {
            throw new FormatException.Corrupt(file, e.getOriginalMessage(), e);
        } catch (FormatException | IllegalArgumentException | NullPointerException e) {
            throw new FormatException.Corrupt(file, String.valueOf(e.getMessage()), e);
        }
    }

    private static @Nullable JsonNode tree(String file, byte[] json) throws FormatException {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new FormatException.Corrupt(file, "not valid JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new FormatException.Corrupt(file, "not valid JSON: " + e.getMessage(), e);
        }
    }

    private static void checkVersion(String file, @Nullable JsonNode version) throws FormatException {
        if (version == null || !version.isInt()) {
            throw new FormatException.Corrupt(file, "expected a version number, found " + version);
        }
        if (version.intValue() > VERSION) {
            throw new FormatException.TooNew(file, version.intValue(), VERSION);
        }
        if (version.intValue() < VERSION) {
            throw new FormatException.TooOld(file, version.intValue(), VERSION);
        }
    }

    private static ZooHeader header(Header header) throws FormatException {
        List<ZooHeader.Group> groups = new ArrayList<>();
        for (Group group : header.groups) {
            Architecture architecture = Architecture.fromJson(group.architecture.toString());
            if (!architecture.fingerprint().equals(group.fingerprint)) {
                throw new IllegalArgumentException("expected fingerprint " + architecture.fingerprint() + " of "
                        + architecture + ", found " + group.fingerprint);
            }
            groups.add(new ZooHeader.Group(architecture, group.rows));
        }
        return new ZooHeader(
                header.name, groups, header.metrics, header.classes, header.provenance, header.rowsPerPart);
    }
}
