package dev.weft.datasets.architecture;

import dev.weft.network.Input;
import dev.weft.network.family.CellOperation;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** What can be drawn. */
public enum CellSpace {
    /** DeepNets-1M for images of 32 x 32 pixels (Knyazev et al. 2021). */
    DEEPNETS {
        @Override
        public Input.Image input() {
            return new Input.Image(3, 32, 32);
        }

        @Override
        List<CellOperation> operations() {
            return List.of(CellOperation.values());
        }

        @Override
        Limits limits(ArchitectureSplit split) {
            return switch (split) {
                case DEEP -> new Limits(10, 36, 18, 18, 1, 4, 2, 100_000_000);
                case DENSE -> new Limits(4, 18, 7, 10, 2, 10, 6, 100_000_000);
                default -> new Limits(4, 18, 7, 10, 1, 4, 2, 10_000_000);
            };
        }

        @Override
        List<Integer> kernels() {
            return List.of(3, 5, 7);
        }

        @Override
        int base() {
            return 32;
        }

        @Override
        List<Integer> widths(ArchitectureSplit split) {
            int factor = split == ArchitectureSplit.WIDE ? 4 : 1;
            return IntStream.rangeClosed(2, 8).map(i -> 16 * i * factor).boxed().toList();
        }

        @Override
        List<Integer> hidden() {
            return List.of(64, 128, 192, 256);
        }
    },
    /** Small enough to train a hypernetwork on two cores: images of 16 x 16 pixels, few cells and channels, no attention. */
    MICRO {
        @Override
        public Input.Image input() {
            return new Input.Image(3, 16, 16);
        }

        @Override
        List<CellOperation> operations() {
            return List.of(
                    CellOperation.NONE,
                    CellOperation.MAX_POOL_3X3,
                    CellOperation.AVG_POOL_3X3,
                    CellOperation.SKIP_CONNECT,
                    CellOperation.SEP_CONV_3X3,
                    CellOperation.SEP_CONV_5X5,
                    CellOperation.DIL_CONV_3X3,
                    CellOperation.CONV_1X1,
                    CellOperation.CONV_3X3,
                    CellOperation.CONV_5X5,
                    CellOperation.CSE);
        }

        @Override
        Limits limits(ArchitectureSplit split) {
            return switch (split) {
                case DEEP -> new Limits(8, 12, 12, 12, 1, 2, 2, 600_000);
                case DENSE -> new Limits(2, 6, 6, 6, 3, 4, 4, 600_000);
                default -> new Limits(2, 6, 6, 6, 1, 2, 2, 600_000);
            };
        }

        @Override
        List<Integer> kernels() {
            return List.of(3, 5);
        }

        @Override
        int base() {
            return 8;
        }

        @Override
        List<Integer> widths(ArchitectureSplit split) {
            return split == ArchitectureSplit.WIDE ? List.of(40, 48, 56, 64) : List.of(8, 12, 16, 24);
        }

        @Override
        List<Integer> hidden() {
            return List.of();
        }
    };

    /** The classes of all networks. */
    public static final int CLASSES = 10;

    /**
     * Bounds of one split, inclusive.
     *
     * @param least cells
     * @param most cells
     * @param shallowFrom the number of cells from which a network is deep is drawn from here
     * @param shallowTo to here
     * @param leastSteps of a cell
     * @param shallowSteps most steps of a cell in shallow networks
     * @param deepSteps most steps of a cell in deep networks
     * @param parameters most of them
     */
    record Limits(
            int least,
            int most,
            int shallowFrom,
            int shallowTo,
            int leastSteps,
            int shallowSteps,
            int deepSteps,
            long parameters) {}

    public abstract Input.Image input();

    /** Returns what edges can do; the first four are what pooling cells can do. */
    abstract List<CellOperation> operations();

    abstract Limits limits(ArchitectureSplit split);

    /** Returns the sides of the stem's kernels. */
    abstract List<Integer> kernels();

    /** Returns the channels at which networks are counted and compared. */
    abstract int base();

    abstract List<Integer> widths(ArchitectureSplit split);

    /** Returns the widths of a classifier's hidden layer; none if classifiers have no such layer. */
    abstract List<Integer> hidden();

    /** Returns the name for the command line: lower case. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
