package dev.weft.symmetry.align;

import ai.djl.ndarray.NDArray;
import dev.weft.network.Architecture;
import dev.weft.network.NeuronBlock;
import dev.weft.symmetry.NeuronPermutation;
import dev.weft.symmetry.Rescaling;
import dev.weft.symmetry.SymmetryElement;
import dev.weft.symmetry.SymmetryProduct;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Brings network B close to network A by what their neurons do on inputs (activation matching, Li et al. 2016, "Convergent
 * learning"; Ainsworth et al. 2023, section 3.1): one assignment by correlation for each set of blocks, which does not depend
 * on the others, so that there is nothing to iterate. It sees what the data make of the weights; where neurons are far apart
 * in weights but alike in function it does better than {@link WeightMatching}.
 */
public final class ActivationMatching {

    private ActivationMatching() {}

    /**
     * Returns the element that brings B close to A; its similarities are mean correlations of neurons in the same place.
     *
     * @param a P values of the network that stays
     * @param b P values of the network that moves
     * @param inputs [m, *shape] as {@link dev.weft.network.run.FunctionalNetwork} takes them; their manager owns what is made
     * @param signs whether neurons behind odd activations may be negated
     * @throws IllegalArgumentException if a row has another length or a value that is not finite
     */
    public static Alignment match(Architecture architecture, double[] a, double[] b, NDArray inputs, boolean signs) {
        WeightMatching.require(architecture, "A", a);
        WeightMatching.require(architecture, "B", b);
        Map<NeuronBlock, Gains> gains = new ActivationGains(architecture, signs).of(a, b, inputs);
        Map<NeuronBlock, int[]> best = new HashMap<>();
        for (Cluster cluster : Cluster.of(architecture)) {
            best.putAll(ClusterMatching.best(architecture.blocks(), cluster, gains));
        }
        NeuronPermutation permutation = NeuronPermutation.moving(architecture, best);
        List<SymmetryElement> moves = new ArrayList<>(List.of(permutation));
        List<double[]> turned = WeightMatching.signs(architecture, gains, best);
        if (turned.stream().flatMapToDouble(Arrays::stream).anyMatch(sign -> sign < 0)) {
            moves.add(Rescaling.of(architecture, turned));
        }
        return new Alignment(
                SymmetryProduct.of(architecture, moves),
                permutation,
                mean(gains, NeuronPermutation.identity(architecture), false),
                mean(gains, permutation, true),
                1);
    }

    private static double mean(Map<NeuronBlock, Gains> gains, NeuronPermutation permutation, boolean signs) {
        double sum = 0;
        int neurons = 0;
        for (Map.Entry<NeuronBlock, Gains> each : gains.entrySet()) {
            int[] from = permutation.permutation(each.getKey());
            for (int k = 0; k < from.length; k++) {
                int sign = signs ? 1 : each.getValue().sign(k, from[k]);
                sum += sign * each.getValue().at(k, from[k]);
            }
            neurons += from.length;
        }
        return neurons == 0 ? 0 : sum / neurons;
    }
}
