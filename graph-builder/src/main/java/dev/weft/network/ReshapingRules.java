package dev.weft.network;

import dev.weft.network.Form.Layout;
import java.util.ArrayList;
import java.util.List;

/** Views keep the neurons; positions that become indices are inner or outer indices of their neurons. */
final class ReshapingRules {

    private static final int MAX_STRANDS = 100_000;

    private ReshapingRules() {}

    static void register() {
        WiringRules.register(Reshaping.Flatten.class, (site, layer) -> flatten(site));
        WiringRules.register(Reshaping.ToSequence.class, (site, layer) -> toSequence(site));
        WiringRules.register(Reshaping.ToMap.class, ReshapingRules::toMap);
        WiringRules.register(Reshaping.ToPixel.class, (site, layer) -> toPixel(site));
        WiringRules.register(Reshaping.Positions.class, ReshapingRules::positions);
        WiringRules.register(Reshaping.Position.class, ReshapingRules::position);
        WiringRules.register(Reshaping.Slice.class, ReshapingRules::slice);
        WiringRules.register(Reshaping.Crop.class, ReshapingRules::crop);
    }

    private static Value flatten(Site site) {
        Value x = site.only();
        site.requireLayout(x, Layout.MAP, Layout.SEQUENCE);
        int positions = x.positionCount();
        Value vector = x.as(Layout.VECTOR, List.of());
        if (x.layout() == Layout.MAP) {
            return vector.mapped(strand -> strand.repeated(1, positions));
        }
        if (x.strands().size() == 1) {
            return vector.mapped(strand -> strand.repeated(positions, 1));
        }
        if ((long) positions * x.strands().size() > MAX_STRANDS) {
            throw site.wrong("flattens " + x.strands().size() + " blocks at " + positions + " positions, too many");
        }
        List<Strand> repeated = new ArrayList<>();
        for (int i = 0; i < positions; i++) {
            repeated.addAll(x.strands());
        }
        return vector.with(repeated);
    }

    private static Value toSequence(Site site) {
        Value x = site.only();
        site.requireLayout(x, Layout.MAP);
        return x.as(Layout.SEQUENCE, List.of(x.positionCount()));
    }

    private static Value toMap(Site site, Reshaping.ToMap layer) {
        Value x = site.only();
        site.requireLayout(x, Layout.SEQUENCE);
        if (Math.multiplyExact(layer.height(), layer.width()) != x.positionCount()) {
            throw site.wrong("makes " + layer.height() + " x " + layer.width() + " pixels, but gets " + x.positions()
                    + " positions");
        }
        return x.as(Layout.MAP, List.of(layer.height(), layer.width()));
    }

    private static Value toPixel(Site site) {
        Value x = site.only();
        site.requireLayout(x, Layout.VECTOR);
        return x.as(Layout.MAP, List.of(1, 1));
    }

    private static Value positions(Site site, Reshaping.Positions layer) {
        Value x = site.only();
        site.requireLayout(x, Layout.SEQUENCE, Layout.TOKENS);
        requireWithin(site, "positions", layer.from(), layer.to(), x.positionCount());
        return x.at(List.of(layer.to() - layer.from()));
    }

    private static Value position(Site site, Reshaping.Position layer) {
        Value x = site.only();
        site.requireLayout(x, Layout.SEQUENCE);
        requireWithin(site, "positions", 0, layer.index() + 1, x.positionCount());
        return x.as(Layout.VECTOR, List.of());
    }

    private static Value slice(Site site, Reshaping.Slice layer) {
        Value x = site.only();
        site.requireLayout(x, Layout.VECTOR, Layout.SEQUENCE, Layout.MAP);
        requireWithin(site, "neurons", layer.from(), layer.to(), x.units());
        return x.with(x.cut(layer.from(), layer.to(), site.name(), site.maker()));
    }

    private static Value crop(Site site, Reshaping.Crop layer) {
        Value x = site.only();
        site.requireLayout(x, Layout.MAP);
        if (x.positions().size() != 2
                || layer.top() >= x.positions().get(0)
                || layer.left() >= x.positions().get(1)) {
            throw site.wrong("crops " + layer.top() + " rows and " + layer.left() + " columns off " + x.positions());
        }
        return x.at(List.of(x.positions().get(0) - layer.top(), x.positions().get(1) - layer.left()));
    }

    private static void requireWithin(Site site, String what, int from, int to, int size) {
        if (to > size) {
            throw site.wrong("takes " + what + " [" + from + ", " + to + "), but gets " + size);
        }
    }
}
