package dev.weft.metanets.model;

import dev.weft.metanets.nn.NodeNorm;
import dev.weft.network.Architecture;
import dev.weft.network.Seed;
import dev.weft.testing.EquivarianceContract;
import org.junit.jupiter.api.Nested;

/** Every metanet that knows the symmetry of weights keeps it, and does not mix the networks of a batch. */
class MetanetContractTest {

    private static final NgGnn.Config SMALL =
            new NgGnn.Config(6, 3, 5, 0.3, true, 0, NodeNorm.Over.NODE, false, 1, 0.2);

    abstract static class Invariant extends EquivarianceContract {
        abstract MetanetConfig config();

        @Override
        protected RowFunction function(Architecture architecture) {
            Normalization normalization = Normalization.none(architecture);
            return TestMetanets.function(config().build(architecture, normalization, 3, new Seed(5)));
        }

        @Override
        protected Output output() {
            return Output.INVARIANT;
        }
    }

    @Nested
    class NgGnnBothDirections extends Invariant {
        @Override
        MetanetConfig config() {
            return SMALL;
        }
    }

    @Nested
    class NgGnnForwardOnlyWithProbes extends Invariant {
        @Override
        MetanetConfig config() {
            return new NgGnn.Config(6, 3, 0, 1, false, 4, NodeNorm.Over.NODE, false, 1, 0);
        }
    }

    @Nested
    class NgGnnWithProbes extends Invariant {
        @Override
        MetanetConfig config() {
            return SMALL.withProbes(4);
        }
    }

    @Nested
    class NgGnnNormPerGraph extends Invariant {
        @Override
        MetanetConfig config() {
            return new NgGnn.Config(6, 3, 0, 1, true, 0, NodeNorm.Over.GRAPH, false, 1, 0);
        }
    }

    @Nested
    class StatNnReader extends Invariant {
        @Override
        MetanetConfig config() {
            return new StatNn.Config(8, 2, 0.1);
        }

        @Override
        protected boolean seesCoupling() {
            return false;
        }
    }

    @Nested
    class ProbeGenReader extends Invariant {
        @Override
        MetanetConfig config() {
            return new ProbeGen.Config(5, 4, 8, 2, 0);
        }
    }
}
