package dev.weft.cli.bench;

import java.io.IOException;
import java.util.List;

/** Something that is measured together with its baseline, in the same run. */
interface Benchmark {

    /** Returns the name to ask for it by, also the name of its first figure or the beginning of all their names. */
    String name();

    /** Returns a sentence: what is measured, beside what. */
    String description();

    /** Returns whether it takes so long that it is left out unless it is asked for. */
    default boolean onlyByName() {
        return false;
    }

    /**
     * Measures.
     *
     * @throws IllegalStateException if the two sides do not compute the same
     */
    List<Row> run(BenchContext context) throws IOException;

    /**
     * A figure beside its baseline.
     *
     * @param name of the figure
     * @param value what was measured
     * @param unit of both values
     * @param baseline what it is compared with
     * @param baselineValue what was measured there
     * @param ratio value over baseline
     */
    record Row(String name, double value, String unit, String baseline, double baselineValue, double ratio) {

        static Row of(String name, double value, String unit, String baseline, double baselineValue) {
            return new Row(name, value, unit, baseline, baselineValue, value / baselineValue);
        }
    }
}
