package dev.weft.network;

import dev.weft.network.Form.Layout;
import dev.weft.network.NeuronBlock.Role;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The structure of heads. Scores are sums over a head's coordinates of query times key, so queries and keys share their
 * order, head by head; values and the columns of the output projection share another. Key heads move as wholes, and with
 * them the query heads that read them, which also change places among themselves.
 */
final class AttentionRules {

    private AttentionRules() {}

    static void register() {
        WiringRules.register(Attention.Heads.class, AttentionRules::attention);
        WiringRules.register(Attention.Rotary.class, (site, layer) -> turned(site, layer.size()));
        WiringRules.register(Attention.Rotation.class, (site, layer) -> turned(site, layer.size()));
    }

    /**
     * The frequencies that turn a head's coordinates give each coordinate an identity. What is left of the freedom between
     * queries and keys is a turn and a scale for each pair of coordinates of each key head; no label tells of those.
     */
    private static Value turned(Site site, int size) {
        Value x = site.only();
        site.requireLayout(x, Layout.SEQUENCE);
        if (x.units() % size != 0) {
            throw site.wrong("turns heads of " + size + " coordinates, but gets " + x.units());
        }
        Strand whole = x.unscaled().whole(site.name() + ".in", site.maker());
        block(whole).paired(x.units() / size, site.name(), site.maker()).inner().freeze(Role.FIXED);
        return x.with(List.of(whole.withScales(List.of())));
    }

    private static Value attention(Site site, Attention.Heads layer) {
        List<Value> inputs = site.inputs(3, 3);
        inputs.forEach(input -> site.requireLayout(input, Layout.SEQUENCE));
        Value q = inputs.get(0);
        Value k = inputs.get(1);
        Value v = inputs.get(2);
        requireWidths(site, layer, q, k, v);
        Strand queries = q.whole(site.name() + ".q", site.maker());
        Strand keys = k.whole(site.name() + ".k", site.maker());
        Strand values = v.whole(site.name() + ".v", site.maker());
        boolean grouped = layer.heads() != layer.keyValueHeads();
        Groups groups = block(queries).flat() && block(keys).flat()
                ? ownCoordinates(site, layer, queries, keys, grouped)
                : sharedCoordinates(site, layer, queries, keys, grouped);
        Strand out = values(site, groups, values, grouped);
        return q.with(List.of(out));
    }

    /**
     * The blocks of heads.
     *
     * @param keyHeads of keys and values
     * @param queryHeads within them
     */
    private record Groups(Units keyHeads, Units queryHeads) {}

    private static Groups ownCoordinates(
            Site site, Attention.Heads layer, Strand queries, Strand keys, boolean grouped) {
        Units q = block(queries);
        Units k = block(keys);
        if (!grouped) {
            tie(queries, keys);
            Units.unify(q, k);
            Units heads = k.within(layer.heads(), site.name() + ".heads", site.maker());
            return new Groups(heads, heads);
        }
        Units keyHeads = k.within(layer.keyValueHeads(), site.name() + ".heads", site.maker());
        Units queryHeads = site.maker().make(site.name() + ".query_heads", layer.heads(), Role.HIDDEN);
        queryHeads.joinGroups(keyHeads, site.maker());
        boolean movable = q.root() != k.root() && q.role() == Role.HIDDEN;
        if (movable) {
            q.setPair(new Units.Pair(queryHeads, k));
            tie(queries, keys);
        } else {
            q.freeze(Role.FIXED);
            k.freeze(Role.FIXED);
            queryHeads.freeze(Role.FIXED);
            Scale.fix(queries.scales());
            Scale.fix(keys.scales());
        }
        return new Groups(keyHeads, queryHeads);
    }

    /** A scale of a query coordinate is divided out of its key coordinate. */
    private static void tie(Strand queries, Strand keys) {
        List<Scale.Strength> q = Scale.resolved(queries.scales());
        List<Scale.Strength> k = Scale.resolved(keys.scales());
        if (q.size() == 1 && k.size() == 1 && q.get(0).scale() != k.get(0).scale()) {
            Scale.equate(q, Scale.inverse(k));
        } else {
            Scale.fix(q);
            Scale.fix(k);
        }
    }

    private static Groups sharedCoordinates(
            Site site, Attention.Heads layer, Strand queries, Strand keys, boolean grouped) {
        Scale.fix(queries.scales());
        Scale.fix(keys.scales());
        Units.Pair q = block(queries).paired(layer.heads(), site.name() + ".q", site.maker());
        Units.Pair k = block(keys).paired(layer.keyValueHeads(), site.name() + ".k", site.maker());
        Units.unify(q.inner(), k.inner());
        if (grouped) {
            q.outer().joinGroups(k.outer(), site.maker());
        } else {
            Units.unify(q.outer(), k.outer());
        }
        return new Groups(k.outer(), q.outer());
    }

    private static Strand values(Site site, Groups groups, Strand values, boolean grouped) {
        Units v = block(values);
        v.joinGroups(groups.keyHeads, site.maker());
        if (!grouped) {
            return values;
        }
        int width = v.size() / groups.keyHeads.size();
        Units out = site.maker().make(site.name(), Math.multiplyExact(groups.queryHeads.size(), width), Role.HIDDEN);
        Units.@Nullable Pair pair = v.pair();
        out.setPair(new Units.Pair(groups.queryHeads, pair == null ? v : pair.inner()));
        if (v.role() != Role.HIDDEN) {
            out.freeze(Role.FIXED);
        }
        return Strand.of(out, values.scales());
    }

    private static Units block(Strand strand) {
        Units units = strand.units();
        if (units == null) {
            throw new IllegalStateException("a whole strand is a block");
        }
        return units.root();
    }

    private static void requireWidths(Site site, Attention.Heads layer, Value q, Value k, Value v) {
        if (q.units() % layer.heads() != 0) {
            throw site.wrong("has " + layer.heads() + " heads, which do not divide " + q.units() + " queries");
        }
        int width = q.units() / layer.heads();
        if (k.units() != (long) width * layer.keyValueHeads()) {
            throw site.wrong(
                    "expects keys of width " + (long) width * layer.keyValueHeads() + ", but gets " + k.units());
        }
        if (v.units() % layer.keyValueHeads() != 0) {
            throw site.wrong(
                    "has " + layer.keyValueHeads() + " value heads, which do not divide " + v.units() + " values");
        }
        if (!k.positions().equals(v.positions())) {
            throw site.wrong("gets keys at " + k.positions() + " and values at " + v.positions());
        }
    }
}
