package dev.weft.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.weft.network.Architecture;
import dev.weft.network.Convolution;
import dev.weft.network.Input;
import dev.weft.network.Junction;
import dev.weft.network.Layer;
import dev.weft.network.Pooling;
import org.junit.jupiter.api.Test;

class CanonicalHashTest {

    /** Two branches, a kernel of 3 and one of 5, added; named and listed in either order. */
    private static String branches(String first, int firstKernel, String second, int secondKernel, int width) {
        Architecture network = Architecture.builder("test", new Input.Image(3, 8, 8))
                .add("stem", Convolution.square(3, width, 3, 1, 1, false))
                .add(first, Convolution.square(width, 4, firstKernel, 1, firstKernel / 2, false), "stem")
                .add(second, Convolution.square(width, 4, secondKernel, 1, secondKernel / 2, false), "stem")
                .add("add", new Junction.Add(), first, second)
                .add("pool", new Pooling.GlobalAvgPool())
                .add("fc", new Layer.Linear(4, 2, true))
                .build();
        return CanonicalHash.of(ComputationGraph.of(network));
    }

    @Test
    void namesAndOrderDoNotMatter() {
        assertEquals(branches("a", 3, "b", 5, 4), branches("x", 5, "y", 3, 4));
    }

    @Test
    void shapesDo() {
        assertNotEquals(branches("a", 3, "b", 5, 4), branches("a", 3, "b", 3, 4));
        assertNotEquals(branches("a", 3, "b", 5, 4), branches("a", 3, "b", 5, 6));
    }
}
