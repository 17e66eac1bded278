package dev.weft.checkpoints.format.torch;

import dev.weft.checkpoints.format.ChannelReader;
import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The entries of a zip archive, zip64 included; nothing is ever unpacked. {@link java.util.zip.ZipFile} does not tell where an entry's bytes lie, and trusts more than it should:
 * here entries must not repeat, overlap, or disagree with their local headers. Only the directory and the local headers
 * are read.
 */
final class ZipDirectory {

    static final int END_SIGNATURE = 0x06054b50;
    static final int END_LENGTH = 22;
    static final int ZIP64_LOCATOR_SIGNATURE = 0x07064b50;
    static final int ZIP64_LOCATOR_LENGTH = 20;
    static final int ZIP64_END_SIGNATURE = 0x06064b50;
    static final int ZIP64_END_LENGTH = 56;
    static final int CENTRAL_SIGNATURE = 0x02014b50;
    static final int CENTRAL_LENGTH = 46;
    static final int LOCAL_SIGNATURE = 0x04034b50;
    static final int LOCAL_LENGTH = 30;
    static final int ZIP64_EXTRA = 1;
    static final long MASK = 0xffffffffL;

    /** The longest directory that is read, enough for half a million storages. */
    private static final int DIRECTORY_LIMIT = 64 << 20;

    private static final int ENCRYPTED = 1;

    private final Path file;
    private final FileChannel channel;
    private final long size;

    private ZipDirectory(Path file, FileChannel channel) throws IOException {
        this.file = file;
        this.channel = channel;
        this.size = channel.size();
    }

    /** Where the directory lies. */
    private record Directory(long offset, long size, long entries) {}

    /** Reads the entries by name, in the directory's order. */
    static Map<String, ZipEntry> read(Path file, FileChannel channel) throws IOException {
        return new ZipDirectory(file, channel).entries();
    }

    private Map<String, ZipEntry> entries() throws IOException {
        Directory directory = directory();
        ByteBuffer bytes = ChannelReader.read(file, channel, directory.offset, (int) directory.size);
        Map<String, ZipEntry> entries = new LinkedHashMap<>();
        for (long i = 0; i < directory.entries; i++) {
            ZipEntry entry = entry(bytes, directory.offset);
            if (!entry.name().endsWith("/") && entries.putIfAbsent(entry.name(), entry) != null) {
                throw corrupt("two entries are called '" + entry.name() + "'");
            }
        }
        if (bytes.hasRemaining()) {
            throw corrupt(
                    "expected " + directory.entries + " entries, found " + bytes.remaining() + " bytes behind them");
        }
        checkOverlaps(entries);
        return entries;
    }

    private Directory directory() throws IOException {
        long end = endPosition();
        ByteBuffer record = ChannelReader.read(file, channel, end, END_LENGTH);
        Directory directory =
                new Directory(record.getInt(16) & MASK, record.getInt(12) & MASK, record.getShort(10) & 0xffff);
        long before = end;
        if (end >= ZIP64_LOCATOR_LENGTH) {
            ByteBuffer locator = ChannelReader.read(file, channel, end - ZIP64_LOCATOR_LENGTH, ZIP64_LOCATOR_LENGTH);
            if (locator.getInt(0) == ZIP64_LOCATOR_SIGNATURE) {
                before = locator.getLong(8);
                directory = zip64(before, end);
            }
        }
        boolean fits = directory.offset >= 0
                && directory.size >= 0
                && directory.offset <= before - directory.size
                && directory.entries >= 0
                && directory.entries <= directory.size / CENTRAL_LENGTH;
        if (!fits) {
            throw corrupt("the zip directory is said to have " + directory.entries + " entries in " + directory.size
                    + " bytes from byte " + directory.offset + ", the file ends at " + size);
        }
        if (directory.size > DIRECTORY_LIMIT) {
            throw new FormatException.Unsupported(
                    file.toString(),
                    "a zip directory of " + directory.size + " bytes; at most " + DIRECTORY_LIMIT + " are read");
        }
        return directory;
    }

    private Directory zip64(long position, long limit) throws IOException {
        if (position < 0 || position > limit - ZIP64_END_LENGTH) {
            throw corrupt("the zip64 end record is said to be at byte " + position + ", the file ends at " + size);
        }
        ByteBuffer record = ChannelReader.read(file, channel, position, ZIP64_END_LENGTH);
        if (record.getInt(0) != ZIP64_END_SIGNATURE) {
            throw corrupt("expected a zip64 end record at byte " + position);
        }
        return new Directory(record.getLong(48), record.getLong(40), record.getLong(32));
    }

    /** Looks for the end record, which a comment of up to 64 KiB may follow. */
    private long endPosition() throws IOException {
        int tail = (int) Math.min(size, END_LENGTH + 0xffff);
        ByteBuffer bytes = ChannelReader.read(file, channel, size - tail, tail);
        for (int at = tail - END_LENGTH; at >= 0; at--) {
            if (bytes.getInt(at) == END_SIGNATURE && (bytes.getShort(at + 20) & 0xffff) == tail - END_LENGTH - at) {
                return size - tail + at;
            }
        }
        throw corrupt("the zip archive has no end record; the file was cut or is not complete");
    }

    /** Reads one directory record and the local header that it points to. */
    private ZipEntry entry(ByteBuffer bytes, long directory) throws IOException {
        if (bytes.remaining() < CENTRAL_LENGTH || bytes.getInt(bytes.position()) != CENTRAL_SIGNATURE) {
            throw corrupt("the zip directory is damaged at byte " + (directory + bytes.position()));
        }
        ByteBuffer record = bytes.slice().order(bytes.order());
        int nameLength = record.getShort(28) & 0xffff;
        int extraLength = record.getShort(30) & 0xffff;
        int length = CENTRAL_LENGTH + nameLength + extraLength + (record.getShort(32) & 0xffff);
        if (length > record.remaining()) {
            throw corrupt("the zip directory is damaged at byte " + (directory + bytes.position()));
        }
        bytes.position(bytes.position() + length);
        byte[] rawName = new byte[nameLength];
        record.get(CENTRAL_LENGTH, rawName);
        String name = name(rawName);
        if ((record.getShort(8) & ENCRYPTED) != 0) {
            throw new FormatException.Unsupported(file.toString(), "entry '" + name + "' is encrypted");
        }
        int method = record.getShort(10) & 0xffff;
        long[] sizes = sizes(name, record, CENTRAL_LENGTH + nameLength, extraLength);
        if (method == 0 && sizes[0] != sizes[1]) {
            throw corrupt("entry '" + name + "' is stored, but has " + sizes[0] + " bytes in " + sizes[1]);
        }
        return locate(rawName, new ZipEntry(name, sizes[2], 0, sizes[1], method), directory);
    }

    private String name(byte[] bytes) throws FormatException {
        String name;
        try {
            name = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new FormatException.Corrupt(file.toString(), "expected the names of entries in UTF-8", e);
        }
        boolean safe = !name.isEmpty()
                && name.charAt(0) != '/'
                && name.chars().noneMatch(c -> c == '\\' || c == ':' || c < ' ')
                && List.of(name.split("/")).stream().noneMatch(part -> part.equals(".."));
        if (!safe) {
            throw corrupt("entry '" + name + "': expected a relative path without '..'");
        }
        return name;
    }

    /** Returns size, compressed size and offset; those that do not fit 32 bits are in the zip64 extra field. */
    private long[] sizes(String name, ByteBuffer record, int extra, int extraLength) throws FormatException {
        long[] values = {record.getInt(24) & MASK, record.getInt(20) & MASK, record.getInt(42) & MASK};
        int at = extra;
        int end = extra + extraLength;
        while (at + 4 <= end) {
            int id = record.getShort(at) & 0xffff;
            int length = record.getShort(at + 2) & 0xffff;
            at += 4;
            if (length > end - at) {
                throw corrupt("entry '" + name + "': an extra field of " + length + " bytes, " + (end - at) + " left");
            }
            if (id == ZIP64_EXTRA) {
                int field = at;
                for (int i = 0; i < values.length; i++) {
                    if (values[i] == MASK && field + Long.BYTES <= at + length) {
                        values[i] = record.getLong(field);
                        field += Long.BYTES;
                    }
                }
            }
            at += length;
        }
        return values;
    }

    /** Reads an entry's local header, which says where its bytes begin. */
    private ZipEntry locate(byte[] rawName, ZipEntry entry, long directory) throws IOException {
        String where = "entry '" + entry.name() + "'";
        long room = directory - LOCAL_LENGTH - rawName.length;
        if (entry.start() < 0 || entry.start() > room) {
            throw corrupt(
                    where + " is said to begin at byte " + entry.start() + ", the directory begins at " + directory);
        }
        ByteBuffer local = ChannelReader.read(file, channel, entry.start(), LOCAL_LENGTH + rawName.length);
        byte[] localName = new byte[rawName.length];
        local.get(LOCAL_LENGTH, localName);
        boolean agrees = local.getInt(0) == LOCAL_SIGNATURE
                && (local.getShort(8) & 0xffff) == entry.method()
                && (local.getShort(26) & 0xffff) == rawName.length
                && Arrays.equals(rawName, localName);
        if (!agrees) {
            throw corrupt(where + ": its header at byte " + entry.start() + " does not agree with the directory");
        }
        long offset = entry.start() + LOCAL_LENGTH + rawName.length + (local.getShort(28) & 0xffff);
        if (entry.size() < 0 || offset > directory || entry.size() > directory - offset) {
            throw corrupt(where + " is said to have " + entry.size() + " bytes from byte " + offset
                    + ", the directory begins at " + directory);
        }
        return new ZipEntry(entry.name(), entry.start(), offset, entry.size(), entry.method());
    }

    private void checkOverlaps(Map<String, ZipEntry> entries) throws FormatException {
        List<ZipEntry> sorted = new ArrayList<>(entries.values());
        sorted.sort(Comparator.comparingLong(ZipEntry::start));
        for (int i = 1; i < sorted.size(); i++) {
            if (sorted.get(i).start() < sorted.get(i - 1).end()) {
                throw corrupt("entry '" + sorted.get(i).name() + "' overlaps entry '"
                        + sorted.get(i - 1).name() + "'");
            }
        }
    }

    private FormatException corrupt(String what) {
        return new FormatException.Corrupt(file.toString(), what);
    }
}
