package dev.weft.network;

import dev.weft.network.Axis.Segment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which neuron each index of a tensor's axis belongs to. Almost always that depends on the axis alone; the columns of a
 * grouped convolution count within the group of the row, so {@link #units} takes the row.
 */
public final class AxisUnits {

    private final List<Segment> segments;
    private final int[] starts;
    private final int[][] groups; // for a relative segment, the group of each row, empty for the others
    private final int size;

    private AxisUnits(List<Segment> segments, int[][] groups) {
        this.segments = segments;
        this.groups = groups;
        this.starts = new int[segments.size() + 1];
        for (int s = 0; s < segments.size(); s++) {
            starts[s + 1] = starts[s] + segments.get(s).size();
        }
        this.size = starts[segments.size()];
    }

    /** Returns the view of each axis of a tensor. */
    public static List<AxisUnits> of(Architecture architecture, ParameterTensor tensor) {
        List<AxisUnits> all = new ArrayList<>();
        for (Axis axis : tensor.axes()) {
            List<Segment> segments = axis.segments();
            int[][] groups = new int[segments.size()][];
            for (int s = 0; s < groups.length; s++) {
                groups[s] = groups(architecture, tensor, segments.get(s));
            }
            all.add(new AxisUnits(segments, groups));
        }
        return all;
    }

    private static int[] groups(Architecture architecture, ParameterTensor tensor, Segment segment) {
        if (segment.free()
                || segment.count() == architecture.blocks().get(segment.block()).size()) {
            return new int[0];
        }
        List<NeuronBlock> blocks = architecture.blocks();
        NeuronBlock block = blocks.get(segment.block());
        NeuronBlock rows = blocks.get(tensor.axes().get(0).soleBlock().orElseThrow());
        NeuronBlock group = block; // each neuron a group of its own, or its groups, or theirs
        while (group.size() * segment.count() != block.size()
                && group.structure() instanceof NeuronBlock.Structure.Within within) {
            group = blocks.get(within.groups());
        }
        return Projection.of(blocks, rows, group);
    }

    public int size() {
        return size;
    }

    /** Whether the neurons depend on the row. */
    public boolean relative() {
        for (int[] group : groups) {
            if (group.length > 0) {
                return true;
            }
        }
        return false;
    }

    /** Returns for each index the segment that it lies in. */
    public int[] segmentOf() {
        int[] found = new int[size];
        for (int s = 0; s < segments.size(); s++) {
            Arrays.fill(found, starts[s], starts[s + 1], s);
        }
        return found;
    }

    /** Returns for each index its neuron's place in its segment's block, or {@link Axis#FREE}. */
    public int[] units(int row) {
        int[] units = new int[size];
        for (int s = 0; s < segments.size(); s++) {
            Segment segment = segments.get(s);
            int first = groups[s].length == 0 ? 0 : groups[s][row] * segment.count();
            for (int i = starts[s]; i < starts[s + 1]; i++) {
                units[i] = segment.free() ? Axis.FREE : first + segment.unit(i - starts[s]);
            }
        }
        return units;
    }

    /** Returns the index like {@code i} of another neuron in the same segment and the same group. */
    public int moved(int i, int segment, int unit) {
        Segment of = segments.get(segment);
        int place = i - starts[segment];
        int neuron = of.unit(place);
        return i + (unit % of.count() - neuron) * of.inner();
    }
}
