package dev.weft.checkpoints.format.onnx.topology;

import dev.weft.checkpoints.format.onnx.topology.View.Atom;
import dev.weft.checkpoints.format.onnx.topology.View.Factor;
import dev.weft.network.Form.Layout;
import dev.weft.network.Layer;
import dev.weft.network.Norm;
import java.util.List;
import java.util.OptionalDouble;

/** Norms that are one operator. */
final class NormRules {

    private NormRules() {}

    static void register() {
        Rules.single("BatchNormalization", NormRules::batch);
        Rules.single("LayerNormalization", NormRules::layer);
        Rules.single("RMSNormalization", NormRules::rms);
        Rules.single("InstanceNormalization", NormRules::instance);
        Rules.single("GroupNormalization", NormRules::group);
    }

    private static double epsilon(Call call) {
        return FormulaRecogniser.rounded(call.real("epsilon", 1e-5));
    }

    private static Flow added(Call call, Layer layer, Flow x) {
        return new Flow(call.drafts().add(call.hint(), layer, call.flows().sample(x), x.layer()), x.view());
    }

    private static Meaning batch(Call call) {
        call.requireInteger("training_mode", 0, 0);
        Flow x = call.flows().settled(call.flow(0), call.hint());
        Sample sample = call.flows().sample(x);
        int units = sample.units();
        call.require(
                x.view().rank() >= 2 && x.view().axis(1).equals(sample.unitAxis()) && sample.layout() != Layout.TOKENS,
                "normalises axis 1 of " + Descriptions.of(x) + ", expected channels");
        Flow y = added(call, new Norm.BatchNorm(units, epsilon(call), true, true), x);
        call.drafts()
                .get(y.layer())
                .tensor("weight", call.parameter(1, units))
                .tensor("bias", call.parameter(2, units))
                .tensor("running_mean", call.parameter(3, units))
                .tensor("running_var", call.parameter(4, units));
        return y;
    }

    /** Returns how many neurons in a row the last axis counts. */
    private static int run(Call call, Flow x) {
        int rank = x.view().rank();
        int axis = Sizes.axis(call.integer("axis", -1), rank);
        List<Factor> last = x.view().axis(rank - 1);
        Sample sample = call.flows().sample(x);
        boolean neurons = last.size() == 1
                && last.get(0).atom() == Atom.UNIT
                && last.get(0).stride() == 1;
        call.require(
                axis == rank - 1 && (neurons || (sample.units() == 1 && last.isEmpty())),
                "normalises from axis " + axis + " of " + Descriptions.of(x)
                        + ", expected neurons along the last axis");
        return neurons ? last.get(0).size() : 1;
    }

    private static Meaning layer(Call call) {
        Flow x = call.flows().settled(call.flow(0), call.hint());
        int size = run(call, x);
        boolean bias = call.has(2);
        OptionalDouble plain = ArithmeticRules.number(call, call.fixed(1));
        if (!call.fixed(1).parameter() && plain.orElse(0) == 1 && !bias) {
            return added(call, new Norm.LayerNorm(size, epsilon(call), false, false), x);
        }
        Flow y = added(call, new Norm.LayerNorm(size, epsilon(call), true, bias), x);
        call.drafts().get(y.layer()).tensor("weight", call.parameter(1, size));
        if (bias) {
            call.drafts().get(y.layer()).tensor("bias", call.parameter(2, size));
        }
        return y;
    }

    private static Meaning rms(Call call) {
        Flow x = call.flows().settled(call.flow(0), call.hint());
        int size = run(call, x);
        Flow y = added(call, new Norm.RmsNorm(size, epsilon(call)), x);
        call.drafts().get(y.layer()).tensor("weight", call.parameter(1, size));
        return y;
    }

    /** Each channel over its positions; or, behind a reshape, each group of channels. */
    private static Meaning instance(Call call) {
        Flow x = call.flows().settled(call.flow(0), call.hint());
        Sample sample = call.flows().sample(x);
        View view = x.view();
        int rank = view.rank();
        call.require(
                sample.layout() == Layout.MAP && rank >= 3, "normalises " + Descriptions.of(x) + ", expected a map");
        int groups = view.shape()[1];
        View map = sample.view(call.batch());
        call.require(
                view.run(1, rank).equals(map.run(1, map.rank())) && sample.units() % groups == 0,
                "normalises " + Descriptions.of(x) + ", expected groups of channels");
        if (groups == sample.units() && call.fixed(1).parameter() && !isPlain(call)) {
            Flow y = added(call, new Norm.GroupNorm(groups, groups, epsilon(call), true), x);
            call.drafts()
                    .get(y.layer())
                    .tensor("weight", call.parameter(1, groups))
                    .tensor("bias", call.parameter(2, groups));
            return y;
        }
        return plainGroups(call, x, groups);
    }

    private static Flow plainGroups(Call call, Flow x, int groups) {
        call.require(isPlain(call), "normalises groups of channels with a gain and a shift for each group");
        return added(call, new Norm.GroupNorm(groups, call.flows().sample(x).units(), epsilon(call), false), x);
    }

    private static boolean isPlain(Call call) {
        return call.arithmetic().uniform(call.fixed(1))
                && call.arithmetic().uniform(call.fixed(2))
                && call.arithmetic().first(call.fixed(1)) == 1
                && call.arithmetic().first(call.fixed(2)) == 0;
    }

    private static Meaning group(Call call) {
        Flow x = call.flows().settled(call.flow(0), call.hint());
        Sample sample = call.flows().sample(x);
        int groups = Math.toIntExact(call.integer("num_groups", 0));
        call.require(
                sample.layout() == Layout.MAP && x.view().equals(sample.view(call.batch())),
                "normalises " + Descriptions.of(x) + ", expected a map");
        if (call.fixed(1).size() == groups && groups != sample.units()) {
            return plainGroups(call, x, groups);
        }
        Flow y = added(call, new Norm.GroupNorm(groups, sample.units(), epsilon(call), true), x);
        call.drafts()
                .get(y.layer())
                .tensor("weight", call.parameter(1, sample.units()))
                .tensor("bias", call.parameter(2, sample.units()));
        return y;
    }
}
