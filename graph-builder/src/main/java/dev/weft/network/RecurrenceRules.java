package dev.weft.network;

import dev.weft.network.Form.Layout;
import dev.weft.network.Site.Label;
import java.util.ArrayList;
import java.util.List;

/** Recurrent layers: the state is one block, read and written by the same matrix. */
final class RecurrenceRules {

    private RecurrenceRules() {}

    static void register() {
        WiringRules.register(Recurrence.Rnn.class, RecurrenceRules::recurrence);
        WiringRules.register(Recurrence.Gru.class, RecurrenceRules::recurrence);
        WiringRules.register(Recurrence.Lstm.class, RecurrenceRules::recurrence);
    }

    private static Value recurrence(Site site, Recurrence layer) {
        List<Value> inputs = site.inputs(1, layer instanceof Recurrence.Lstm ? 1 : 2);
        Value x = inputs.get(0);
        site.requireLayout(x, Layout.SEQUENCE);
        site.requireUnits(x, layer.in());
        Value y = x;
        for (int l = 0; l < layer.layers(); l++) {
            Value state = x.with(List.of(site.fresh(layer.layers() == 1 ? "" : ".l" + l, layer.size())));
            boolean homogeneous = layer instanceof Recurrence.Rnn rnn && rnn.relu();
            state.letting(homogeneous, !homogeneous);
            if (l == 0 && inputs.size() == 2) {
                Value start = inputs.get(1);
                site.requireLayout(start, Layout.VECTOR);
                site.requireUnits(start, layer.size());
                Value.unify(state.as(Layout.VECTOR, List.of()), start, true, site.maker());
            }
            tensors(site, layer, l, y, state);
            y = state;
        }
        return y;
    }

    private static void tensors(Site site, Recurrence layer, int l, Value x, Value state) {
        List<Strand> rows = rows(layer, state.strands().get(0));
        site.tensor("weight_ih_l" + l, Label.out(rows), Label.in(x.strands()));
        site.tensor("weight_hh_l" + l, Label.out(rows), Label.in(state.strands()));
        if (layer.bias()) {
            site.tensor("bias_ih_l" + l, Label.out(rows));
            site.tensor("bias_hh_l" + l, Label.out(rows));
        }
    }

    /** The gates stand below each other; only the one behind tanh changes sign with the state. */
    private static List<Strand> rows(Recurrence layer, Strand state) {
        int odd = layer instanceof Recurrence.Rnn ? 0 : 2; // n of r, z, n; g of i, f, g, o
        List<Strand> rows = new ArrayList<>();
        for (int gate = 0; gate < layer.gates(); gate++) {
            rows.add(gate == odd ? state : state.withScales(List.of()));
        }
        return rows;
    }
}
