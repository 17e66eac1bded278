package dev.weft.datasets.inr;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PlainInrFitterTest extends CpuInrFitterContract {

    @Override
    CpuInrFitter fitter(int threads) {
        return CpuInrFitter.plain(threads);
    }

    @Test
    void bitsAreThoseOfEveryPlatform() {
        float[] row = fitter(1).fit(digits(RECIPE, 0, 1)).get(0).parameters();
        assertEquals(200309966, Arrays.hashCode(row)); // seen with C2, C1 and the interpreter
    }
}
