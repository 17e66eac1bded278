package dev.weft.checkpoints.format.torch;

/**
 * A stored entry of a zip archive.
 *
 * @param name checked: relative, without {@code ..} and backslashes
 * @param start where its local header begins
 * @param offset where its bytes begin
 * @param size how many there are
 */
record ZipEntry(String name, long start, long offset, long size) {

    /** Returns the byte behind the last. */
    long end() {
        return offset + size;
    }
}
