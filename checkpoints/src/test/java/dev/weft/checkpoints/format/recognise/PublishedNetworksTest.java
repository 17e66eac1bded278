package dev.weft.checkpoints.format.recognise;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weft.network.Architecture;
import dev.weft.network.ParameterTensor;
import dev.weft.network.family.Families;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The published networks in their full sizes, as files that are nothing but a header and a hole: what is read off the tensors
 * must be what the family's builder makes from a few numbers.
 */
class PublishedNetworksTest {

    private static final int ALIGNMENT = 8;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "resnet18|",
                "resnet34|",
                "resnet50|",
                "vgg16|",
                "vit-b16|",
                "gpt2|",
                "bert-base|",
                "llama-7b|{\"model_type\":\"llama\",\"num_attention_heads\":32,\"rms_norm_eps\":1e-5,\"max_position_embeddings\":4096}",
                "llama-1b|{\"model_type\":\"llama\",\"num_attention_heads\":32,\"rms_norm_eps\":1e-5}",
            })
    void areWhatTheirFamiliesMake(String family, String config) throws IOException {
        Architecture expected = Families.named(family).published().get();
        write(expected);
        if (config != null) {
            Files.writeString(folder.resolve(HubConfig.FILE), config);
        }
        try (NetworkFile file = NetworkFile.open(folder)) {
            assertEquals(described(expected), described(file.architecture()));
            assertEquals(expected, file.architecture());
            assertEquals(List.of(), file.recognition().leftovers());
        }
    }

    /** A difference in one node is easier to find than one in a line of JSON. */
    private static String described(Architecture architecture) {
        return architecture.input() + "\n"
                + architecture.nodes().stream().map(Architecture.Node::toString).collect(Collectors.joining("\n"));
    }

    /** Writes a header with every tensor, and zeros that take no room. */
    private void write(Architecture architecture) throws IOException {
        List<String> entries = new ArrayList<>();
        long at = 0;
        for (ParameterTensor tensor : architecture.parameters()) {
            long end = at + Float.BYTES * tensor.size();
            entries.add("\"" + tensor.name() + "\":{\"dtype\":\"F32\",\"shape\":" + tensor.shape()
                    + ",\"data_offsets\":[" + at + "," + end + "]}");
            at = end;
        }
        StringBuilder header = new StringBuilder("{" + String.join(",", entries) + "}");
        while (header.length() % ALIGNMENT != 0) {
            header.append(' ');
        }
        byte[] bytes = header.toString().getBytes(StandardCharsets.UTF_8);
        try (RandomAccessFile file =
                new RandomAccessFile(folder.resolve("model.safetensors").toFile(), "rw")) {
            file.write(ByteBuffer.allocate(Long.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(bytes.length)
                    .array());
            file.write(bytes);
            file.setLength(Long.BYTES + bytes.length + at);
        }
    }
}
