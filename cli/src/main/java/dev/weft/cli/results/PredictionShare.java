package dev.weft.cli.results;

import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * What one call does of an experiment; several may work in one directory at once.
 *
 * @param arms hypernetworks to work on
 * @param firstSeed to train from
 * @param seeds how many of them
 */
record PredictionShare(Set<PredictionPart> parts, List<PredictionArm> arms, long firstSeed, int seeds) {

    PredictionShare {
        if (parts.isEmpty() || arms.isEmpty()) {
            throw new IllegalArgumentException(
                    "--parts and --arms: expected at least one of each, got " + parts.size() + " and " + arms.size());
        }
        if (seeds < 1 || firstSeed < 0) {
            throw new IllegalArgumentException(
                    "--seeds: expected at least 1 from at least 0, got " + seeds + " from " + firstSeed);
        }
    }

    /** Whether anything is done before the page. */
    boolean works() {
        return has(PredictionPart.DRAWN) || worksOnArms();
    }

    /** Whether anything is done with hypernetworks. */
    boolean worksOnArms() {
        return has(PredictionPart.TRAIN) || has(PredictionPart.JUDGE) || has(PredictionPart.DESCEND);
    }

    boolean has(PredictionPart part) {
        return parts.contains(part);
    }

    LongStream range() {
        return LongStream.range(firstSeed, firstSeed + seeds);
    }
}
