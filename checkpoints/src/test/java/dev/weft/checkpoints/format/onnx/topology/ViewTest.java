package dev.weft.checkpoints.format.onnx.topology;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.checkpoints.format.onnx.topology.View.Atom;
import dev.weft.checkpoints.format.onnx.topology.View.Factor;
import dev.weft.network.Form.Layout;
import java.util.List;
import org.junit.jupiter.api.Test;

class ViewTest {

    private static final View SEQUENCE = new Sample(Layout.SEQUENCE, List.of(5), 12).view(2); // [2, 5, 12]

    @Test
    void headsAreCutOffTheNeuronsAndComeBack() {
        View heads = SEQUENCE.reshaped(new int[] {2, 5, 3, 4}).transposed(new int[] {0, 2, 1, 3});
        assertEquals(List.of(new Factor(Atom.UNIT, 3, 4)), heads.axis(1));
        assertEquals(List.of(new Factor(Atom.UNIT, 4, 1)), heads.axis(3));
        assertArrayEquals(new int[] {2, 3, 5, 4}, heads.shape());
        assertEquals(SEQUENCE, heads.transposed(new int[] {0, 2, 1, 3}).reshaped(new int[] {2, 5, 12}));
    }

    @Test
    void axesOfOneSampleAreJoinedAndCutAgain() {
        View rows = SEQUENCE.reshaped(new int[] {10, 12});
        assertEquals(SEQUENCE, rows.reshaped(new int[] {2, 5, 12}));
        assertEquals(SEQUENCE, SEQUENCE.inserted(1, List.of()).reshaped(new int[] {2, 5, 12}));
    }

    @Test
    void axesInAnotherOrderAreNotTheSame() {
        View map = new Sample(Layout.MAP, List.of(2, 3), 4).view(1);
        View channelsLast = map.transposed(new int[] {0, 2, 3, 1}).reshaped(new int[] {1, 24});
        assertTrue(!channelsLast.equals(map.reshaped(new int[] {1, 24})));
    }

    @Test
    void mixingPartsOfAxesIsRefused() {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> SEQUENCE.reshaped(new int[] {2, 8, 15 / 2}));
        assertTrue(refused.getMessage().contains("mixes parts of different axes"), refused.getMessage());
    }
}
