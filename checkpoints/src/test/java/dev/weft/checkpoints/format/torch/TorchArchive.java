package dev.weft.checkpoints.format.torch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;

/** Archives like those of torch.save, from any entries and any pickle. */
final class TorchArchive {

    private final Map<String, byte[]> entries = new LinkedHashMap<>();

    /** Takes all entries of an archive. */
    static TorchArchive of(Path file) throws IOException {
        TorchArchive archive = new TorchArchive();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            for (ZipEntry entry : ZipDirectory.read(file, channel).values()) {
                java.nio.ByteBuffer bytes = java.nio.ByteBuffer.allocate((int) entry.size());
                channel.read(bytes, entry.offset());
                archive.entries.put(entry.name(), bytes.array());
            }
        }
        return archive;
    }

    TorchArchive put(String name, byte[] bytes) {
        entries.put(name, bytes);
        return this;
    }

    TorchArchive pickle(String text) {
        return put("a/data.pkl", text.getBytes(StandardCharsets.ISO_8859_1));
    }

    byte[] get(String suffix) {
        return entries.entrySet().stream()
                .filter(entry -> entry.getKey().endsWith(suffix))
                .findFirst()
                .orElseThrow()
                .getValue();
    }

    String name(String suffix) {
        return entries.keySet().stream()
                .filter(name -> name.endsWith(suffix))
                .findFirst()
                .orElseThrow();
    }

    long write(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ZipWriter zip = new ZipWriter(channel);
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                zip.add(entry.getKey(), entry.getValue());
            }
            zip.finish();
            return channel.size();
        }
    }

    /** Joins texts, one byte a character, and bytes. */
    static byte[] join(Object... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Object part : parts) {
            out.writeBytes(
                    part instanceof byte[] bytes ? bytes : ((String) part).getBytes(StandardCharsets.ISO_8859_1));
        }
        return out.toByteArray();
    }
}
