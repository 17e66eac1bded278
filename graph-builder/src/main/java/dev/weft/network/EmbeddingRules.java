package dev.weft.network;

import dev.weft.network.Form.Layout;
import dev.weft.network.Site.Label;
import java.util.ArrayList;
import java.util.List;

/** Tables of vectors: words and positions have an identity, the vectors' coordinates are neurons. */
final class EmbeddingRules {

    private EmbeddingRules() {}

    static void register() {
        WiringRules.register(Embedding.Lookup.class, EmbeddingRules::lookup);
        WiringRules.register(Embedding.PositionTable.class, EmbeddingRules::positionTable);
        WiringRules.register(Embedding.PositionArray.class, EmbeddingRules::positionArray);
        WiringRules.register(Embedding.ClassToken.class, EmbeddingRules::classToken);
        WiringRules.register(Embedding.SegmentTable.class, EmbeddingRules::segmentTable);
        WiringRules.register(Embedding.TiedOutput.class, EmbeddingRules::tiedOutput);
    }

    private static Value lookup(Site site, Embedding.Lookup layer) {
        Value x = site.only();
        site.requireLayout(x, Layout.TOKENS);
        if (x.units() != layer.vocabulary()) {
            throw site.wrong("has a table for " + layer.vocabulary() + " words, but gets " + x.units());
        }
        List<Strand> y = List.of(site.fresh(layer.size()));
        site.tensor("weight", Label.in(x.strands()), Label.out(y));
        return new Value(Layout.SEQUENCE, x.positions(), y);
    }

    private static Value positionTable(Site site, Embedding.PositionTable layer) {
        Value x = site.only(layer.size());
        site.requireLayout(x, Layout.SEQUENCE);
        if ((long) layer.first() + x.positionCount() > layer.length()) {
            throw site.wrong("has a table for " + layer.length() + " positions, but gets " + x.positionCount()
                    + " from number " + layer.first());
        }
        Strand positions = site.fixed(".positions", layer.length());
        site.tensor("weight", Label.in(List.of(positions)), Label.out(x.strands()));
        return x;
    }

    private static Value positionArray(Site site, Embedding.PositionArray layer) {
        Value x = site.only();
        site.requireLayout(x, Layout.SEQUENCE, Layout.MAP);
        List<Integer> shape = new ArrayList<>(x.positions());
        shape.add(x.layout() == Layout.MAP ? 0 : shape.size(), x.units());
        if (!shape.equals(layer.shape())) {
            throw site.wrong("adds an array " + layer.shape() + ", but gets " + shape);
        }
        List<Label> axes = new ArrayList<>(List.of(Label.free(1)));
        if (x.layout() == Layout.MAP) {
            axes.add(Label.out(x.strands()));
            x.positions().forEach(extent -> axes.add(Label.free(extent)));
        } else {
            axes.add(Label.in(List.of(site.fixed(".positions", x.positionCount()))));
            axes.add(Label.out(x.strands()));
        }
        site.tensor("", axes.toArray(Label[]::new));
        return x;
    }

    private static Value classToken(Site site, Embedding.ClassToken layer) {
        Value x = site.only(layer.size());
        site.requireLayout(x, Layout.SEQUENCE);
        site.tensor("", Label.free(1), Label.free(1), Label.out(x.strands()));
        return x.at(List.of(Math.addExact(x.positionCount(), 1)));
    }

    private static Value segmentTable(Site site, Embedding.SegmentTable layer) {
        Value x = site.only(layer.size());
        site.requireLayout(x, Layout.SEQUENCE);
        Strand segments = site.fixed(".segments", layer.types());
        site.tensor("weight", Label.in(List.of(segments)), Label.out(x.strands()));
        return x;
    }

    /** The table is written into the stream and read out of it, which leaves its coordinates no scale. */
    private static Value tiedOutput(Site site, Embedding.TiedOutput layer) {
        Value x = site.only();
        site.requireLayout(x, Layout.SEQUENCE, Layout.VECTOR);
        Architecture.Node tied = site.derivation().node(site.name(), layer.embedding());
        if (!(tied.layer() instanceof Embedding.Lookup table)) {
            throw site.wrong("is tied to '" + tied.name() + "', which is no embedding");
        }
        site.requireUnits(x, table.size());
        Value written = site.derivation().value(site.node(), tied.name()).unscaled();
        Value.unify(written.as(x.layout(), x.positions()), x.unscaled(), false, site.maker());
        Value words = site.derivation().value(site.node(), tied.inputs().get(0));
        return x.with(words.strands());
    }
}
