package dev.weft.symmetry;

import dev.weft.network.Architecture;
import java.util.ArrayList;
import java.util.List;

/** Several elements as one: they act one after the other, the first of the list first. Neighbouring permutations are one. */
public final class SymmetryProduct implements SymmetryElement {

    private final Architecture architecture;
    private final List<SymmetryElement> factors;

    private SymmetryProduct(Architecture architecture, List<SymmetryElement> factors) {
        this.architecture = architecture;
        this.factors = factors;
    }

    /**
     * Makes the product of elements of one architecture.
     *
     * @throws IllegalArgumentException if one is of another architecture
     */
    public static SymmetryProduct of(Architecture architecture, List<? extends SymmetryElement> factors) {
        for (SymmetryElement factor : factors) {
            if (!factor.architecture().equals(architecture)) {
                throw new IllegalArgumentException(
                        "expected elements of " + architecture + ", got one of " + factor.architecture());
            }
        }
        return new SymmetryProduct(architecture, joined(factors));
    }

    private static List<SymmetryElement> joined(List<? extends SymmetryElement> factors) {
        List<SymmetryElement> joined = new ArrayList<>();
        for (SymmetryElement factor : factors) {
            int last = joined.size() - 1;
            if (factor instanceof NeuronPermutation next
                    && last >= 0
                    && joined.get(last) instanceof NeuronPermutation before) {
                joined.set(last, next.compose(before));
            } else {
                joined.add(factor);
            }
        }
        return List.copyOf(joined);
    }

    /** Returns where neurons go: the permutations among the factors, without scales and signs. */
    public NeuronPermutation permutation() {
        NeuronPermutation permutation = NeuronPermutation.identity(architecture);
        for (SymmetryElement factor : factors) {
            if (factor instanceof NeuronPermutation next) {
                permutation = next.compose(permutation);
            } else if (factor instanceof SymmetryProduct product) {
                permutation = product.permutation().compose(permutation);
            }
        }
        return permutation;
    }

    @Override
    public Architecture architecture() {
        return architecture;
    }

    @Override
    public double[] apply(double[] row) {
        architecture.requireRowLength(row.length);
        double[] result = row.clone();
        actOn(result);
        return result;
    }

    @Override
    public void actOn(double[] row) {
        factors.forEach(factor -> factor.actOn(row));
    }

    @Override
    public SymmetryProduct inverse() {
        List<SymmetryElement> inverses = new ArrayList<>();
        for (int i = factors.size() - 1; i >= 0; i--) {
            inverses.add(factors.get(i).inverse());
        }
        return new SymmetryProduct(architecture, List.copyOf(inverses));
    }
}
