package dev.weft.network;

import dev.weft.network.Site.Label;
import java.util.ArrayList;
import java.util.List;

/** Norms keep the neurons. A gain behind a norm is a scale of its own, which the next layer may undo. */
final class NormRules {

    private NormRules() {}

    static void register() {
        WiringRules.register(Norm.BatchNorm.class, NormRules::batch);
        WiringRules.register(
                Norm.LayerNorm.class, (site, layer) -> runs(site, layer.size(), layer.affine(), layer.bias(), false));
        WiringRules.register(Norm.RmsNorm.class, (site, layer) -> runs(site, layer.size(), true, false, true));
        WiringRules.register(Norm.OffsetRmsNorm.class, NormRules::offset);
        WiringRules.register(Layer.Gain.class, NormRules::gain);
        WiringRules.register(Layer.Shift.class, NormRules::shift);
        WiringRules.register(Norm.GroupNorm.class, NormRules::group);
    }

    /** With kept moments the layer is linear in each channel, so that any scale goes through. */
    private static Value batch(Site site, Norm.BatchNorm layer) {
        Value x = site.only(layer.size());
        if (!layer.running()) {
            x.letting(false, true);
        }
        Value y = layer.affine() ? x.rescaled() : x;
        if (layer.affine()) {
            site.tensor("weight", gain(x, y));
            site.tensor("bias", Label.out(y.strands()));
        }
        if (layer.running()) {
            site.statistic("running_mean", Label.out(x.strands()));
            site.statistic("running_var", Label.out(without(x)));
        }
        return y;
    }

    /** The gain divides the old scale out and multiplies the new one in. */
    private static Label gain(Value x, Value y) {
        List<Strand> gains = new ArrayList<>();
        for (int i = 0; i < x.strands().size(); i++) {
            List<Scale.Strength> scales = new ArrayList<>(y.strands().get(i).scales());
            scales.addAll(Scale.inverse(x.strands().get(i).scales()));
            gains.add(x.strands().get(i).withScales(scales));
        }
        return Label.out(gains);
    }

    private static List<Strand> without(Value x) {
        return x.strands().stream().map(strand -> strand.withScales(List.of())).toList();
    }

    private static Value runs(Site site, int size, boolean affine, boolean bias, boolean even) {
        Value x = site.only();
        if (x.units() % size != 0) {
            throw site.wrong("normalises runs of " + size + ", which do not divide " + x.units());
        }
        return size == x.units() ? all(site, x, affine, bias, even) : perHead(site, x, size, affine, bias);
    }

    private static Value all(Site site, Value x, boolean affine, boolean bias, boolean even) {
        x.letting(false, even);
        Value y = affine ? x.rescaled() : x;
        if (affine) {
            site.tensor("weight", gain(x, y));
        }
        if (bias) {
            site.tensor("bias", Label.out(y.strands()));
        }
        return y;
    }

    private static Value offset(Site site, Norm.OffsetRmsNorm layer) {
        Value x = site.only();
        if (x.units() != layer.size()) {
            return runs(site, layer.size(), true, false, true); // heads share the gain, which has no scale anyway
        }
        Value y = x.letting(false, true).unscaled();
        site.tensor("weight", Label.out(y.strands()));
        return y;
    }

    private static Value gain(Site site, Layer.Gain layer) {
        Value x = site.only(layer.size());
        Value y = x.rescaled();
        site.tensor("", gain(x, y));
        return y;
    }

    private static Value shift(Site site, Layer.Shift layer) {
        Value x = site.only(layer.size());
        site.tensor("bias", Label.out(x.strands()));
        return x;
    }

    /** All heads share gain and shift, and so the order of their coordinates. */
    private static Value perHead(Site site, Value x, int size, boolean affine, boolean bias) {
        Strand whole = x.unscaled().whole(site.name() + ".in", site.maker());
        Units units = whole.units();
        if (units == null) {
            throw new IllegalStateException("a whole strand is a block");
        }
        Units.Pair pair = units.paired(x.units() / size, site.name(), site.maker());
        List<Strand> coordinates = List.of(Strand.of(pair.inner(), List.of()));
        if (affine) {
            site.tensor("weight", Label.out(coordinates));
        }
        if (bias) {
            site.tensor("bias", Label.out(coordinates));
        }
        return x.with(List.of(whole.withScales(List.of())));
    }

    private static Value group(Site site, Norm.GroupNorm layer) {
        Value x = site.only(layer.size()).unscaled();
        site.requireLayout(x, Form.Layout.MAP);
        List<Strand> leaves = x.leaves();
        Units units = leaves.get(0).units();
        if (layer.groups() > 1 && layer.groups() < layer.size()) {
            if (leaves.size() == 1 && leaves.get(0).plain() && units != null) {
                units.within(layer.groups(), site.name() + ".groups", site.maker());
            } else {
                leaves.forEach(Strand::freeze);
            }
        }
        Value y = layer.affine() ? x.rescaled() : x;
        if (layer.affine()) {
            site.tensor("weight", Label.out(y.strands()));
            site.tensor("bias", Label.out(y.strands()));
        }
        return y;
    }
}
