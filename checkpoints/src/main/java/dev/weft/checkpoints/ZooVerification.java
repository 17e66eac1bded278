package dev.weft.checkpoints;

import java.util.List;

/**
 * What {@link ZooVerifier} found.
 *
 * @param zoo the folder, as it was given
 * @param name the zoo's name
 * @param state whether the zoo is finished
 * @param parts how many parts were looked at
 * @param rows how many rows they have
 * @param bytes length of their files
 * @param problems in the order of the parts, at most {@link ZooVerifier#MAX_PROBLEMS}
 * @param problemCount how many there were in all
 */
public record ZooVerification(
        String zoo,
        String name,
        ZooManifest.State state,
        int parts,
        long rows,
        long bytes,
        List<Problem> problems,
        int problemCount) {

    /**
     * Something that is not as it should be.
     *
     * @param where part, row or column
     * @param what expected and found
     */
    public record Problem(String where, String what) {}

    public ZooVerification {
        problems = List.copyOf(problems);
    }

    /** Whether the zoo is finished and nothing is wrong with it. */
    public boolean ok() {
        return problemCount == 0;
    }
}
