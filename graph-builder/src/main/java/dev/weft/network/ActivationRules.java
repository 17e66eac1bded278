package dev.weft.network;

import java.util.ArrayList;
import java.util.List;

/** Elementwise functions keep the block that they are applied to, and let some of its scales through. */
final class ActivationRules {

    private ActivationRules() {}

    static void register() {
        WiringRules.register(Layer.Sine.class, ActivationRules::sine);
        WiringRules.register(Layer.Tanh.class, (site, layer) -> odd(site));
        WiringRules.register(Layer.Relu.class, (site, layer) -> homogeneous(site));
        WiringRules.register(Layer.LeakyRelu.class, (site, layer) -> homogeneous(site));
        WiringRules.register(Layer.Sigmoid.class, (site, layer) -> other(site));
        WiringRules.register(Layer.Gelu.class, (site, layer) -> other(site));
        WiringRules.register(Layer.GeluTanh.class, (site, layer) -> other(site));
        WiringRules.register(Layer.Silu.class, (site, layer) -> other(site));
        WiringRules.register(Layer.Relu6.class, (site, layer) -> other(site));
        WiringRules.register(Layer.HardSigmoid.class, (site, layer) -> other(site));
        WiringRules.register(Layer.HardSwish.class, (site, layer) -> other(site));
        WiringRules.register(Layer.Offset.class, (site, layer) -> other(site));
        WiringRules.register(Layer.Multiplier.class, (site, layer) -> values(site));
        WiringRules.register(Layer.Softmax.class, (site, layer) -> other(site));
    }

    /** f(s x) = s f(x) for s = -1. */
    private static Value odd(Site site) {
        return values(site).letting(false, true);
    }

    /** f(s x) = s f(x) for s &gt; 0. */
    private static Value homogeneous(Site site) {
        return values(site).letting(true, false);
    }

    private static Value other(Site site) {
        return values(site).unscaled();
    }

    private static Value values(Site site) {
        Value x = site.only();
        site.requireLayout(x, Form.Layout.VECTOR, Form.Layout.SEQUENCE, Form.Layout.MAP);
        return x;
    }

    /** Odd, and half a period more in the bias in front of it turns its sign. */
    private static Value sine(Site site, Layer.Sine sine) {
        Value x = odd(site);
        String source = site.node().inputs().get(0);
        if (source.equals(Architecture.INPUT) || site.derivation().readers(source) != 1) {
            return x;
        }
        Layer layer = site.derivation().node(site.name(), source).layer();
        boolean bias = layer instanceof Layer.Linear linear
                ? linear.bias()
                : layer instanceof Convolution convolution && convolution.bias();
        Strand only = x.strands().get(0);
        if (!bias || !only.plain() || only.units() == null) {
            return x;
        }
        Gauge.PhaseShift shift = new Gauge.PhaseShift(source + ".bias", Math.PI / sine.w0());
        List<Scale.Strength> scales = new ArrayList<>(only.scales());
        scales.add(new Scale.Strength(Scale.ofPhase(only.units(), shift), 1));
        return x.with(List.of(only.withScales(scales)));
    }
}
