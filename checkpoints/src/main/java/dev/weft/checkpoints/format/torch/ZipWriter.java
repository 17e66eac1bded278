package dev.weft.checkpoints.format.torch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/**
 * Writes a zip archive of stored entries, each of whose bytes begin at a multiple of 64, as {@code torch.save} does so
 * that they can be mapped. Archives and entries of more than 4 GiB are zip64. Times are zero: the archive's bytes follow
 * from its content.
 */
final class ZipWriter {

    private static final int ALIGNMENT = 64;
    private static final int PADDING_EXTRA = 0x4246; // the id that torch pads with
    private static final int ZIP64_LOCAL_EXTRA = 20; // id, length, two sizes
    private static final int UTF8 = 1 << 11;
    private static final int VERSION = 20;
    private static final int VERSION_ZIP64 = 45;
    private static final int DATE_1980 = 0x21;

    private final FileChannel channel;
    private final long limit32;
    private final List<Written> entries = new ArrayList<>();
    private long position;

    private record Written(byte[] name, long start, long size, int crc) {}

    /** Writes the bytes of one entry. */
    @FunctionalInterface
    interface Content {
        void writeTo(Sink sink) throws IOException;
    }

    /** Takes bytes. */
    @FunctionalInterface
    interface Sink {
        void write(ByteBuffer bytes) throws IOException;
    }

    ZipWriter(FileChannel channel) {
        this(channel, ZipDirectory.MASK);
    }

    /**
     * @param limit32 sizes and offsets from here on are written as zip64; lower than 4 GiB only in tests
     */
    ZipWriter(FileChannel channel, long limit32) {
        this.channel = channel;
        this.limit32 = limit32;
    }

    /** Appends an entry that is in memory. */
    void add(String name, byte[] bytes) throws IOException {
        add(name, bytes.length, sink -> sink.write(ByteBuffer.wrap(bytes)));
    }

    /**
     * Appends an entry.
     *
     * @param size how many bytes {@code content} will write
     */
    void add(String name, long size, Content content) throws IOException {
        byte[] rawName = name.getBytes(StandardCharsets.UTF_8);
        long start = position;
        writeFully(localHeader(rawName, start, size, 0));
        CRC32 crc = new CRC32();
        long dataStart = position;
        content.writeTo(bytes -> {
            crc.update(bytes.duplicate());
            writeFully(bytes);
        });
        if (position - dataStart != size) {
            throw new IllegalStateException(
                    "entry '" + name + "': expected " + size + " bytes, got " + (position - dataStart));
        }
        int checksum = (int) crc.getValue();
        ByteBuffer patched = localHeader(rawName, start, size, checksum);
        for (long at = start; patched.hasRemaining(); ) {
            at += channel.write(patched, at);
        }
        entries.add(new Written(rawName, start, size, checksum));
    }

    private ByteBuffer localHeader(byte[] name, long start, long size, int crc) {
        boolean large = size >= limit32;
        int before = ZipDirectory.LOCAL_LENGTH + name.length + (large ? ZIP64_LOCAL_EXTRA : 0) + 4;
        int padding = (int) Math.floorMod(-(start + before), (long) ALIGNMENT);
        ByteBuffer header = little(before + padding);
        header.putInt(ZipDirectory.LOCAL_SIGNATURE).putShort((short) (large ? VERSION_ZIP64 : VERSION));
        header.putShort((short) UTF8).putShort((short) 0).putShort((short) 0).putShort((short) DATE_1980);
        header.putInt(crc).putInt(size32(size)).putInt(size32(size));
        header.putShort((short) name.length)
                .putShort((short) (before + padding - ZipDirectory.LOCAL_LENGTH - name.length));
        header.put(name);
        if (large) {
            header.putShort((short) ZipDirectory.ZIP64_EXTRA).putShort((short) 16);
            header.putLong(size).putLong(size);
        }
        header.putShort((short) PADDING_EXTRA).putShort((short) padding);
        return header.clear();
    }

    /** Writes the directory; nothing may be added behind it. */
    void finish() throws IOException {
        long start = position;
        for (Written entry : entries) {
            writeFully(centralRecord(entry));
        }
        long length = position - start;
        if (start >= limit32 || entries.size() >= 0xffff) {
            writeFully(zip64End(start, length));
        }
        ByteBuffer end = little(ZipDirectory.END_LENGTH).putInt(ZipDirectory.END_SIGNATURE);
        short count = (short) Math.min(entries.size(), 0xffff);
        end.putInt(0).putShort(count).putShort(count);
        end.putInt((int) length).putInt(size32(start)).putShort((short) 0);
        writeFully(end.flip());
    }

    private ByteBuffer centralRecord(Written entry) {
        boolean largeSize = entry.size >= limit32;
        boolean largeStart = entry.start >= limit32;
        int extra = (largeSize ? 16 : 0) + (largeStart ? 8 : 0);
        extra += extra > 0 ? 4 : 0;
        ByteBuffer record = little(ZipDirectory.CENTRAL_LENGTH + entry.name.length + extra);
        short version = (short) (extra > 0 ? VERSION_ZIP64 : VERSION);
        record.putInt(ZipDirectory.CENTRAL_SIGNATURE).putShort(version).putShort(version);
        record.putShort((short) UTF8).putShort((short) 0).putShort((short) 0).putShort((short) DATE_1980);
        record.putInt(entry.crc).putInt(size32(entry.size)).putInt(size32(entry.size));
        record.putShort((short) entry.name.length).putShort((short) extra);
        record.putShort((short) 0).putShort((short) 0).putShort((short) 0).putInt(0);
        record.putInt(size32(entry.start)).put(entry.name);
        if (extra > 0) {
            record.putShort((short) ZipDirectory.ZIP64_EXTRA).putShort((short) (extra - 4));
        }
        if (largeSize) {
            record.putLong(entry.size).putLong(entry.size);
        }
        if (largeStart) {
            record.putLong(entry.start);
        }
        return record.flip();
    }

    private ByteBuffer zip64End(long start, long length) {
        ByteBuffer end = little(ZipDirectory.ZIP64_END_LENGTH + ZipDirectory.ZIP64_LOCATOR_LENGTH);
        end.putInt(ZipDirectory.ZIP64_END_SIGNATURE).putLong(ZipDirectory.ZIP64_END_LENGTH - 12L);
        end.putShort((short) VERSION_ZIP64)
                .putShort((short) VERSION_ZIP64)
                .putInt(0)
                .putInt(0);
        end.putLong(entries.size()).putLong(entries.size()).putLong(length).putLong(start);
        end.putInt(ZipDirectory.ZIP64_LOCATOR_SIGNATURE)
                .putInt(0)
                .putLong(position)
                .putInt(1);
        return end.flip();
    }

    private int size32(long size) {
        return size >= limit32 ? (int) ZipDirectory.MASK : (int) size;
    }

    private void writeFully(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            position += channel.write(bytes, position);
        }
    }

    private static ByteBuffer little(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }
}
