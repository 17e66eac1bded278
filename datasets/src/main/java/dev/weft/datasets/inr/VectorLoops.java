package dev.weft.datasets.inr;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Element-wise loops of {@link VectorSirenKernel}. Arrays are processed in whole vectors: they must have room for a length
 * rounded up to {@link #LANES}.
 */
final class VectorLoops {

    static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    static final int LANES = SPECIES.length();

    private static final float INVERSE_PI = (float) (1 / Math.PI);
    private static final float PI_HIGH = (float) Math.PI;
    private static final float PI_LOW = (float) (Math.PI - PI_HIGH);
    /** Adding 1.5 * 2^23 rounds to the nearest integer, whose lowest bit is then the lowest of the float's bits. */
    private static final float ROUND = 12582912f;

    // Least-maximum fits on [-pi/2, pi/2]: sin r = r + r^3 S(r^2) to 5e-9, cos r = 1 + r^2 C(r^2) to 6e-8.
    private static final float S0 = -1.66666571e-01f;
    private static final float S1 = 8.33301729e-03f;
    private static final float S2 = -1.98066149e-04f;
    private static final float S3 = 2.60005418e-06f;
    private static final float C0 = -4.99999323e-01f;
    private static final float C1 = 4.16639894e-02f;
    private static final float C2 = -1.38559270e-03f;
    private static final float C3 = 2.31943823e-05f;

    private VectorLoops() {}

    /** Returns the least multiple of {@link #LANES} that is at least {@code n}. */
    static int roundUp(int n) {
        return (n + LANES - 1) / LANES * LANES;
    }

    /** sine = sin z and z = cos z, to 2e-7 for |z| up to 1000. */
    static void sineCosine(float[] z, float[] sine, int n) {
        for (int p = 0; p < n; p += LANES) {
            FloatVector x = FloatVector.fromArray(SPECIES, z, p);
            FloatVector rounded = x.fma(all(INVERSE_PI), all(ROUND));
            FloatVector k = rounded.sub(ROUND);
            FloatVector r = k.fma(all(-PI_LOW), k.fma(all(-PI_HIGH), x));
            FloatVector q = r.mul(r);
            FloatVector s = all(S3).fma(q, all(S2)).fma(q, all(S1)).fma(q, all(S0));
            FloatVector c = all(C3).fma(q, all(C2)).fma(q, all(C1)).fma(q, all(C0));
            IntVector sign = rounded.reinterpretAsInts().lanewise(VectorOperators.LSHL, 31); // odd k turn both signs
            turn(s.fma(q.mul(r), r), sign).intoArray(sine, p);
            turn(c.fma(q, all(1)), sign).intoArray(z, p);
        }
    }

    private static FloatVector all(float value) {
        return FloatVector.broadcast(SPECIES, value);
    }

    private static FloatVector turn(FloatVector value, IntVector sign) {
        return value.reinterpretAsInts().lanewise(VectorOperators.XOR, sign).reinterpretAsFloats();
    }

    /** y = y a. */
    static void multiply(float[] y, float[] a, int n) {
        for (int p = 0; p < n; p += LANES) {
            FloatVector.fromArray(SPECIES, y, p)
                    .mul(FloatVector.fromArray(SPECIES, a, p))
                    .intoArray(y, p);
        }
    }

    /**
     * Returns the sum of squares of {@code difference = y - target} and leaves {@code factor difference}.
     *
     * @param yAt where y begins
     * @param targetAt where the target begins, which has no room behind it
     * @param n pixels
     */
    static double errors(float[] y, int yAt, float[] target, int targetAt, float[] scaled, float factor, int n) {
        double sum = 0;
        for (int p = 0; p < n; p++) {
            float difference = y[yAt + p] - target[targetAt + p];
            sum += (double) difference * difference;
            scaled[yAt + p] = factor * difference;
        }
        return sum;
    }
}
