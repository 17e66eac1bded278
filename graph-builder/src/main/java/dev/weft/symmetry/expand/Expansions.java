package dev.weft.symmetry.expand;

import dev.weft.network.Architecture;
import dev.weft.network.Architecture.Node;
import dev.weft.network.Attention;
import dev.weft.network.Axis;
import dev.weft.network.Form;
import dev.weft.network.Layer;
import dev.weft.network.NeuronBlock;
import dev.weft.network.NeuronBlock.Structure;
import dev.weft.network.Norm;
import dev.weft.network.ParameterTensor;
import dev.weft.network.Seed;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Expansions that keep the function (Gesmundo and Maile 2023, "Composable function-preserving expansions for transformer
 * architectures"; Chen et al. 2016, "Net2Net", for splitting). New parameters are zero where the function would feel them and
 * free where it does not, so that training can use them at once. All are exact but for rounding; all cost O(P).
 *
 * <p>What a layer looks at as a whole forbids some: a layer norm takes the mean over its neurons, so no neuron can join them;
 * an RMS norm allows it with its gain and epsilon changed; rotary positions and head norms fix the width of keys.
 */
public final class Expansions {

    private final Architecture architecture;
    private final double[] row;
    private final FreeValues free;

    /**
     * @param row P values
     * @param free for new parameters
     */
    public Expansions(Architecture architecture, double[] row, FreeValues free) {
        architecture.requireRowLength(row.length);
        this.architecture = architecture;
        this.row = row;
        this.free = free;
    }

    /** Finds a block by its name. */
    public static NeuronBlock block(Architecture architecture, String name) {
        return architecture.blocks().stream()
                .filter(block -> block.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no block '" + name + "', expected one of "
                        + architecture.blocks().stream().map(NeuronBlock::name).collect(Collectors.joining(", "))));
    }

    /**
     * Adds neurons or channels that are not read yet: the MLP width of a transformer, the width of a hidden layer, the channels
     * of a convolution.
     *
     * @param size of the larger block
     */
    public Expanded widen(NeuronBlock block, int size) {
        requireHidden(block, size);
        requireAlone(block);
        requireNotRead(Set.of(block), true);
        return resized(new Sizes(architecture, Map.of(block, size), Map.of()), unread());
    }

    /**
     * Adds neurons that are copies: neuron k of the new ones copies old neuron k modulo the old size, and what is read from both
     * is shared between them in random parts.
     *
     * @param size of the larger block, at most twice the old size
     */
    public Expanded split(NeuronBlock block, int size, Seed seed) {
        requireHidden(block, size);
        requireAlone(block);
        requireNotRead(Set.of(block), true);
        int old = block.size();
        if (size > 2 * old) {
            throw new IllegalArgumentException("block '" + block.name() + "': expected a size up to twice the old one, "
                    + 2 * old + ", got " + size);
        }
        double[] shares = new double[size];
        Arrays.fill(shares, 1);
        RandomGenerator random = seed.random();
        for (int k = old; k < size; k++) {
            shares[k] = 0.25 + 0.5 * random.nextDouble();
            shares[k - old] = 1 - shares[k];
        }
        Sizes sizes = new Sizes(architecture, Map.of(block, size), Map.of());
        Architecture larger = ResizedLayers.of(architecture, sizes);
        int[] copies = new int[size];
        Arrays.setAll(copies, k -> k % old);
        RowTransfer.Rule rule = new RowTransfer.Rule() {
            @Override
            public boolean zero(ParameterTensor tensor, int axis, int segment) {
                return false;
            }

            @Override
            public double factor(ParameterTensor tensor, int axis, int segment, int unit) {
                Axis of = tensor.axes().get(axis);
                Axis.Segment at = of.segments().get(segment);
                boolean reads = of.flow() == Axis.Flow.IN && at.block() == block.index() && at.count() == old;
                return reads ? shares[unit] : 1;
            }
        };
        RowTransfer transfer = new RowTransfer(
                architecture, larger, each -> each.equals(block) ? copies : sizes.sources(each), rule, free);
        return new Expanded(larger, transfer.of(row));
    }

    /**
     * Adds heads whose output is not read yet.
     *
     * @param attention name of the attention node
     * @param heads of keys and values; each brings as many query heads as the others have
     */
    public Expanded addHeads(String attention, int heads) {
        NeuronBlock groups = keyHeads(attention);
        requireHidden(groups, heads);
        requireNotRead(members(groups), false);
        return resized(new Sizes(architecture, Map.of(groups, heads), Map.of()), unread());
    }

    /**
     * Adds coordinates to the values of each head, which are not read yet.
     *
     * @param attention name of the attention node
     * @param width of a head's values
     */
    public Expanded widenValues(String attention, int width) {
        NeuronBlock values = within(attention, 2, "values");
        requireHidden(values, Math.multiplyExact(width, keyHeads(attention).size()));
        requireNotRead(Set.of(values), true);
        return resized(new Sizes(architecture, Map.of(), Map.of(values, width)), unread());
    }

    /**
     * Adds coordinates to the keys and queries of each head. Those of the keys are zero, and the old keys grow by the root of
     * the ratio of widths, by which the scores are divided.
     *
     * @param attention name of the attention node
     * @param width of a head's keys
     */
    public Expanded widenKeys(String attention, int width) {
        NeuronBlock keys = within(attention, 1, "keys");
        int heads = keyHeads(attention).size();
        requireHidden(keys, Math.multiplyExact(width, heads));
        KeyTensors writers = KeyTensors.of(architecture, attention);
        double growth = Math.sqrt((double) width * heads / keys.size());
        Sizes sizes = new Sizes(architecture, Map.of(), Map.of(keys, width));
        return resized(sizes, new RowTransfer.Rule() {
            @Override
            public boolean zero(ParameterTensor tensor, int axis, int segment) {
                return writers.writes(tensor, axis, segment);
            }

            @Override
            public double factor(ParameterTensor tensor, int axis, int segment, int unit) {
                return writers.writes(tensor, axis, segment) ? growth : 1;
            }
        });
    }

    /**
     * Adds neurons to a stream that RMS norms read: nothing is written into them yet.
     *
     * @param size of the larger stream
     */
    public Expanded widenStream(NeuronBlock stream, int size) {
        requireHidden(stream, size);
        Set<String> gains = StreamNorms.gains(architecture, stream);
        double growth = Math.sqrt((double) stream.size() / size);
        Expanded larger = resized(
                new Sizes(architecture, Map.of(stream, size), Map.of()),
                (tensor, axis, segment) -> tensor.axes().get(axis).flow() == Axis.Flow.OUT
                        && tensor.axes().get(axis).segments().get(segment).block() == stream.index()
                        && !gains.contains(tensor.name()));
        StreamNorms.scale(architecture, stream, growth, larger);
        return larger;
    }

    private Expanded resized(Sizes sizes, RowTransfer.Rule rule) {
        Architecture larger = ResizedLayers.of(architecture, sizes);
        return new Expanded(larger, new RowTransfer(architecture, larger, sizes::sources, rule, free).of(row));
    }

    /** New neurons are written in any way, but what reads them is zero. */
    private static RowTransfer.Rule unread() {
        return (tensor, axis, segment) -> tensor.axes().get(axis).flow() == Axis.Flow.IN;
    }

    private static void requireHidden(NeuronBlock block, int size) {
        if (!block.permutable()) {
            throw new IllegalArgumentException(
                    "block '" + block.name() + "': its neurons have an identity, so that none can be added");
        }
        if (size <= block.size()) {
            throw new IllegalArgumentException(
                    "block '" + block.name() + "': expected a size above " + block.size() + ", got " + size);
        }
    }

    private void requireAlone(NeuronBlock block) {
        if (!(block.structure() instanceof Structure.Flat) || members(block).size() > 1) {
            throw new IllegalArgumentException("block '" + block.name()
                    + "' belongs to heads or groups; add heads, or widen their keys or values");
        }
    }

    /** Refuses blocks that some layer looks at as a whole; {@code inGroups} also those of which it looks at each group. */
    private void requireNotRead(Set<NeuronBlock> blocks, boolean inGroups) {
        for (Node node : architecture.nodes()) {
            Form input = architecture.formOf(node.inputs().get(0));
            boolean concerned = blocks.stream().anyMatch(block -> input.units().names(block));
            if (concerned && looksAtAll(node.layer(), input.units().size(), inGroups)) {
                throw new IllegalArgumentException("'" + node.name() + "' reads all neurons of "
                        + blocks.stream().map(block -> "'" + block.name() + "'").collect(Collectors.joining(", "))
                        + " at once, so that new ones would change the function");
            }
        }
    }

    private static boolean looksAtAll(Layer layer, int units, boolean inGroups) {
        if (layer instanceof Norm.LayerNorm norm) {
            return inGroups || norm.size() == units;
        } else if (layer instanceof Norm.RmsNorm norm) {
            return inGroups || norm.size() == units;
        } else if (layer instanceof Norm.OffsetRmsNorm norm) {
            return inGroups || norm.size() == units;
        }
        boolean turns = layer instanceof Attention.Rotary || layer instanceof Attention.Rotation;
        return layer instanceof Norm.GroupNorm || layer instanceof Layer.Softmax || inGroups && turns;
    }

    private Set<NeuronBlock> members(NeuronBlock groups) {
        Set<NeuronBlock> members = new HashSet<>(Set.of(groups));
        for (boolean grows = true; grows; ) {
            grows = false;
            for (NeuronBlock block : architecture.blocks()) {
                boolean within = block.structure() instanceof Structure.Within in
                        && members.contains(architecture.blocks().get(in.groups()));
                boolean paired = block.structure() instanceof Structure.Pairs pairs
                        && (members.contains(architecture.blocks().get(pairs.outer()))
                                || members.contains(architecture.blocks().get(pairs.inner())));
                grows |= (within || paired) && members.add(block);
            }
        }
        return members;
    }

    private Node attention(String name) {
        return architecture.nodes().stream()
                .filter(node -> node.name().equals(name) && node.layer() instanceof Attention.Heads)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no attention '" + name + "', expected one of "
                        + architecture.nodes().stream()
                                .filter(node -> node.layer() instanceof Attention.Heads)
                                .map(Node::name)
                                .collect(Collectors.joining(", "))));
    }

    /** Returns the block of heads that keys and values lie within. */
    private NeuronBlock keyHeads(String attention) {
        NeuronBlock keys = soleBlock(attention, 1);
        if (keys.structure() instanceof Structure.Within within) {
            return architecture.blocks().get(within.groups());
        } else if (keys.structure() instanceof Structure.Pairs pairs) {
            return architecture.blocks().get(pairs.outer());
        }
        throw new IllegalArgumentException("'" + attention + "': its keys '" + keys.name() + "' have no heads");
    }

    private NeuronBlock within(String attention, int input, String what) {
        NeuronBlock block = soleBlock(attention, input);
        if (!(block.structure() instanceof Structure.Within)) {
            throw new IllegalArgumentException("'" + attention + "': the coordinates of its " + what
                    + " have an order of their own (rotary positions, norms of heads), so that none can be added");
        }
        return block;
    }

    private NeuronBlock soleBlock(String attention, int input) {
        return architecture.blockOf(attention(attention).inputs().get(input));
    }
}
