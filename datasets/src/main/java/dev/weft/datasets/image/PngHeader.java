package dev.weft.datasets.image;

import dev.weft.network.FormatException;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;

/**
 * Size and kind of a PNG image from its first 26 bytes, before anything is decoded.
 *
 * @param channels 1 for grey, 3 for colour
 */
record PngHeader(int width, int height, int channels) {

    /** The largest side that is accepted. */
    static final int SIDE_MAX = 4096;

    /** DEFLATE, PNG's compression, never does better than 1032 to 1. */
    private static final long COMPRESSION_MAX = 1032;

    private static final long SIGNATURE = 0x89504e470d0a1a0aL;
    private static final int CHUNK_LENGTH = 13;
    private static final int IHDR = 0x49484452;

    static PngHeader read(String where, byte[] file) throws FormatException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(file))) {
            if (in.readLong() != SIGNATURE || in.readInt() != CHUNK_LENGTH || in.readInt() != IHDR) {
                throw new FormatException.Corrupt(where, "expected a PNG signature and header, found something else");
            }
            int width = in.readInt();
            int height = in.readInt();
            if (width < 1 || height < 1 || width > SIDE_MAX || height > SIDE_MAX) {
                throw new FormatException.Corrupt(
                        where, "expected sides from 1 to " + SIDE_MAX + ", found " + width + " x " + height);
            }
            int depth = in.readUnsignedByte();
            PngHeader header = new PngHeader(width, height, channels(where, in.readUnsignedByte()));
            long least = (long) width * height * Math.min(depth, 8) / 8;
            if (least > COMPRESSION_MAX * file.length) {
                throw new FormatException.Corrupt(
                        where, "expected " + header + ", but " + file.length + " bytes can't hold so many pixels");
            }
            return header;
        } catch (FormatException e) {
            throw e;
        } catch (IOException e) {
            throw new FormatException.Corrupt(where, "the file ends inside its PNG header", e);
        }
    }

    private static int channels(String where, int colourType) throws FormatException {
        return switch (colourType) {
            case 0 -> 1;
            case 2, 3 -> 3; // true colour, palette
            case 4, 6 ->
                throw new FormatException.Unsupported(
                        where, "expected grey or RGB, found an alpha channel; flatten the image first");
            default -> throw new FormatException.Corrupt(where, "unknown PNG colour type " + colourType);
        };
    }

    @Override
    public String toString() {
        return width + " x " + height + (channels == 1 ? " grey" : " RGB");
    }
}
