package dev.weft.network;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * A seed that is split by name or by index, never advanced: the same path of names always gives the same numbers, so a
 * data set's rows do not depend on how the work was ordered, resumed or distributed.
 *
 * @param value the 64 bits that everything below is derived from
 */
public record Seed(long value) {

    /** The seed of every command that was given none. */
    public static final long DEFAULT = 0;

    /** Returns the child called {@code name}, for example {@code seed.split("init")}. */
    public Seed split(String name) {
        long hash = 0xcbf29ce484222325L; // FNV-1a over the characters, then mixed with the parent
        for (int i = 0; i < name.length(); i++) {
            hash = (hash ^ name.charAt(i)) * 0x100000001b3L;
        }
        return new Seed(mix(value + mix(hash)));
    }

    /** Returns the child number {@code index}, for example one for each network of a data set. */
    public Seed split(long index) {
        return new Seed(mix(value ^ mix(index + 0x9e3779b97f4a7c15L)));
    }

    /** Returns a fresh generator; two calls give generators with the same sequence. */
    public RandomGenerator random() {
        return new SplittableRandom(value);
    }

    private static long mix(long z) { // finaliser of SplitMix64 (Steele, Lea, Flood 2014)
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
