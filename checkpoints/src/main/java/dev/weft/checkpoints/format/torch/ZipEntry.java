package dev.weft.checkpoints.format.torch;

/**
 * An entry of a zip archive.
 *
 * @param name checked: relative, without {@code ..} and backslashes
 * @param start where its local header begins
 * @param offset where its bytes begin
 * @param size how many there are in the archive
 * @param method of compression, 0 for none
 */
record ZipEntry(String name, long start, long offset, long size, int method) {

    /** Returns the byte behind the last. */
    long end() {
        return offset + size;
    }
}
