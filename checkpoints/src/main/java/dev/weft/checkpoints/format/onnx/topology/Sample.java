package dev.weft.checkpoints.format.onnx.topology;

import dev.weft.checkpoints.format.onnx.topology.View.Atom;
import dev.weft.checkpoints.format.onnx.topology.View.Factor;
import dev.weft.network.Form.Layout;
import java.util.ArrayList;
import java.util.List;

/**
 * The shape of a layer's output.
 *
 * @param positions none, [length] or [height, width]
 */
record Sample(Layout layout, List<Integer> positions, int units) {

    Sample {
        positions = List.copyOf(positions);
    }

    int positionCount() {
        return positions.stream().reduce(1, Math::multiplyExact);
    }

    Sample units(int other) {
        return new Sample(layout, positions, other);
    }

    Sample as(Layout other, Integer... extents) {
        return new Sample(other, List.of(extents), units);
    }

    /** Returns the view in which a layer's output is written: batch first, neurons where the layout says. */
    View view(int batch) {
        List<List<Factor>> axes = new ArrayList<>();
        axes.add(View.all(Atom.BATCH, batch));
        for (int i = 0; i < positions.size(); i++) {
            axes.add(View.all(position(i), positions.get(i)));
        }
        if (layout != Layout.TOKENS) {
            axes.add(layout == Layout.MAP ? 1 : axes.size(), View.all(Atom.UNIT, units));
        }
        return new View(axes);
    }

    static Atom position(int axis) {
        return axis == 0 ? Atom.FIRST : Atom.SECOND;
    }

    List<Factor> unitAxis() {
        return View.all(Atom.UNIT, units);
    }
}
