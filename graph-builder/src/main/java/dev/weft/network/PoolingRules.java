package dev.weft.network;

import dev.weft.network.Form.Layout;
import java.util.ArrayList;
import java.util.List;

/** Pooling keeps the channels. */
final class PoolingRules {

    private PoolingRules() {}

    static void register() {
        WiringRules.register(
                Pooling.MaxPool.class,
                (site, layer) -> pool(site, layer.kernel(), layer.stride(), layer.padding())
                        .letting(true, false));
        WiringRules.register(
                Pooling.AvgPool.class, (site, layer) -> pool(site, layer.kernel(), layer.stride(), layer.padding()));
        WiringRules.register(Pooling.AdaptiveAvgPool.class, PoolingRules::adaptive);
        WiringRules.register(Pooling.GlobalAvgPool.class, (site, layer) -> global(site));
    }

    private static Value pool(Site site, List<Integer> kernel, List<Integer> stride, List<Integer> padding) {
        Value x = map(site, kernel.size());
        List<Integer> positions = new ArrayList<>();
        for (int i = 0; i < kernel.size(); i++) {
            positions.add(windows(site, x.positions().get(i), kernel.get(i), stride.get(i), padding.get(i)));
        }
        return x.at(positions);
    }

    private static Value map(Site site, int axes) {
        Value x = site.only();
        site.requireLayout(x, Layout.MAP);
        if (x.positions().size() != axes) {
            throw site.wrong(
                    "pools over " + axes + " axes, but gets " + x.positions().size());
        }
        return x;
    }

    /** Returns how many windows fit. */
    static int windows(Site site, int extent, long reach, int stride, int padding) {
        long room = extent + 2L * padding - reach;
        if (room < 0) {
            throw site.wrong(
                    "has a window of " + reach + ", but gets " + extent + " positions with padding " + padding);
        }
        return Math.toIntExact(room / stride + 1);
    }

    private static Value adaptive(Site site, Pooling.AdaptiveAvgPool layer) {
        Value x = map(site, layer.size().size());
        for (int i = 0; i < layer.size().size(); i++) {
            if (x.positions().get(i) % layer.size().get(i) != 0) {
                throw site.wrong("pools to " + layer.size() + ", which does not divide " + x.positions());
            }
        }
        return x.at(layer.size());
    }

    private static Value global(Site site) {
        Value x = site.only();
        site.requireLayout(x, Layout.MAP, Layout.SEQUENCE);
        return x.as(Layout.VECTOR, List.of());
    }
}
