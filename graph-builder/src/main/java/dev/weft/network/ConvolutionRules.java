package dev.weft.network;

import dev.weft.network.Form.Layout;
import dev.weft.network.Site.Label;
import java.util.ArrayList;
import java.util.List;

/** Convolutions: kernel taps are free axes; groups give their channels a structure. */
final class ConvolutionRules {

    private ConvolutionRules() {}

    static void register() {
        WiringRules.register(Convolution.class, ConvolutionRules::convolution);
    }

    private static Value convolution(Site site, Convolution layer) {
        Value x = site.only(layer.in());
        site.requireLayout(x, Layout.MAP);
        List<Integer> positions = positions(site, layer, x.positions());
        List<Strand> y;
        Label read;
        if (layer.groups() == 1) {
            y = List.of(site.fresh(layer.out()));
            read = Label.in(x.strands());
        } else if (layer.depthwise()) {
            y = x.rescaled().strands();
            read = own(x);
        } else {
            Strand grouped = x.whole(site.name() + ".in", site.maker());
            y = List.of(site.fresh(layer.out()));
            read = group(site, layer, grouped, y.get(0));
        }
        List<Label> axes = new ArrayList<>(List.of(Label.out(y), read));
        layer.kernel().forEach(extent -> axes.add(Label.free(extent)));
        site.tensor("weight", axes.toArray(Label[]::new));
        if (layer.bias()) {
            site.tensor("bias", Label.out(y));
        }
        return x.with(y).at(positions);
    }

    /** The one input channel of each depthwise kernel: that of its row. */
    private static Label own(Value x) {
        List<Strand> leaves = x.leaves();
        Strand only = leaves.get(0);
        if (leaves.size() == 1 && only.plain()) {
            return Label.in(List.of(new Strand(only.units(), 1, 1, 1, only.scales())));
        }
        Scale.fix(x.scales()); // the axis of length 1 can't tell them apart
        return Label.free(1);
    }

    private static Label group(Site site, Convolution layer, Strand in, Strand out) {
        Units read = in.units();
        Units written = out.units();
        if (read == null || written == null) {
            throw new IllegalStateException("both are blocks");
        }
        boolean channelwise = layer.groups() == layer.in();
        Units groups = channelwise ? read : read.within(layer.groups(), site.name() + ".groups", site.maker());
        written.joinGroups(groups, site.maker());
        if (!read.liesWithin(groups)) {
            Scale.fix(in.scales());
            return Label.free(layer.in() / layer.groups());
        }
        return Label.in(List.of(new Strand(read, layer.in() / layer.groups(), 1, 1, in.scales())));
    }

    private static List<Integer> positions(Site site, Convolution layer, List<Integer> from) {
        if (from.size() != layer.kernel().size()) {
            throw site.wrong("has a kernel over " + layer.kernel().size() + " axes, but gets " + from.size());
        }
        List<Integer> positions = new ArrayList<>();
        for (int i = 0; i < from.size(); i++) {
            long reach = (long) layer.dilation().get(i) * (layer.kernel().get(i) - 1) + 1;
            positions.add(PoolingRules.windows(
                    site,
                    from.get(i),
                    reach,
                    layer.stride().get(i),
                    layer.padding().get(i)));
        }
        return positions;
    }
}
