package dev.weft.network;

import dev.weft.network.Form.Layout;
import dev.weft.network.Site.Label;
import java.util.List;

/** Layers that read all neurons and write new ones. */
final class LinearRules {

    private LinearRules() {}

    static void register() {
        WiringRules.register(
                Layer.Linear.class, (site, layer) -> linear(site, layer.in(), layer.out(), layer.bias(), false));
        WiringRules.register(
                Layer.InputMajorLinear.class,
                (site, layer) -> linear(site, layer.in(), layer.out(), layer.bias(), true));
        WiringRules.register(Equivariant.Cyclic.class, LinearRules::cyclic);
        WiringRules.register(Equivariant.Symmetric.class, LinearRules::symmetric);
    }

    private static Value linear(Site site, int in, int out, boolean bias, boolean inputMajor) {
        Value x = site.only(in);
        site.requireLayout(x, Layout.VECTOR, Layout.SEQUENCE);
        List<Strand> y = List.of(site.fresh(out));
        if (inputMajor) {
            site.tensor("weight", Label.in(x.strands()), Label.out(y));
        } else {
            site.tensor("weight", Label.out(y), Label.in(x.strands()));
        }
        return biased(site, x.with(y), bias);
    }

    private static Value cyclic(Site site, Equivariant.Cyclic layer) {
        Value x = site.only(layer.in());
        site.requireLayout(x, Layout.SEQUENCE);
        if (x.positions().get(0) != layer.order()) {
            throw site.wrong("acts on " + layer.order() + " positions, but gets " + x.positions());
        }
        List<Strand> y = List.of(site.fresh(layer.out()));
        site.tensor("weight", Label.free(layer.order()), Label.out(y), Label.in(x.strands()));
        return biased(site, x.with(y), layer.bias());
    }

    private static Value symmetric(Site site, Equivariant.Symmetric layer) {
        Value x = site.only(layer.in());
        site.requireLayout(x, Layout.SEQUENCE);
        List<Strand> y = List.of(site.fresh(layer.out()));
        site.tensor("own.weight", Label.out(y), Label.in(x.strands()));
        site.tensor("mean.weight", Label.out(y), Label.in(x.strands()));
        return biased(site, x.with(y), layer.bias());
    }

    private static Value biased(Site site, Value y, boolean bias) {
        if (bias) {
            site.tensor("bias", Label.out(y.strands()));
        }
        return y;
    }
}
