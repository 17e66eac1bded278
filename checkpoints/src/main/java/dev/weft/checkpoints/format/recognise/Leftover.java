package dev.weft.checkpoints.format.recognise;

/**
 * A tensor of a file that is no part of the network's row.
 *
 * @param tensor its name in the file
 * @param note what it is, for people
 */
public record Leftover(String tensor, Kind kind, String note) {

    /** Why it is left over. */
    public enum Kind {
        /** It follows from the architecture, or is only read in training: masks, counters, frequencies. */
        BUFFER,
        /** It belongs to the family, but to an output that is not the one that is run. */
        UNUSED,
        /** Nobody knows: the network in the file may be more than what was recognised. */
        UNKNOWN
    }
}
