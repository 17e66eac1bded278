package dev.weft.symmetry.expand;

import dev.weft.network.Architecture;
import dev.weft.network.Architecture.Node;
import dev.weft.network.Attention;
import dev.weft.network.Axis.Segment;
import dev.weft.network.Convolution;
import dev.weft.network.Embedding;
import dev.weft.network.Equivariant;
import dev.weft.network.Form;
import dev.weft.network.Layer;
import dev.weft.network.NeuronBlock;
import dev.weft.network.NeuronBlock.Structure;
import dev.weft.network.Norm;
import dev.weft.network.Recurrence;
import dev.weft.network.Reshaping;
import java.util.ArrayList;
import java.util.List;

/** The same layers for blocks of other sizes. */
final class ResizedLayers {

    private final Architecture architecture;
    private final Sizes sizes;

    private ResizedLayers(Architecture architecture, Sizes sizes) {
        this.architecture = architecture;
        this.sizes = sizes;
    }

    /** Returns the architecture with other sizes. */
    static Architecture of(Architecture architecture, Sizes sizes) {
        ResizedLayers resized = new ResizedLayers(architecture, sizes);
        List<Node> nodes = architecture.nodes().stream()
                .map(node -> new Node(node.name(), resized.layer(node), node.inputs()))
                .toList();
        Architecture larger = new Architecture(architecture.family(), architecture.input(), nodes);
        if (larger.blocks().size() != architecture.blocks().size()) {
            throw new IllegalArgumentException(architecture + " changes its structure with these sizes");
        }
        return larger;
    }

    private Layer layer(Node node) {
        Form input = architecture.formOf(node.inputs().get(0));
        int in = sizes.of(input);
        int out = sizes.of(architecture.formOf(node.name()));
        Layer layer = node.layer();
        if (layer instanceof Layer.Linear linear) {
            return new Layer.Linear(in, out, linear.bias());
        } else if (layer instanceof Layer.InputMajorLinear linear) {
            return new Layer.InputMajorLinear(in, out, linear.bias());
        } else if (layer instanceof Layer.Gain) {
            return new Layer.Gain(in);
        } else if (layer instanceof Convolution convolution) {
            return convolution(node, convolution, in, out);
        } else if (layer instanceof Norm norm) {
            return norm(norm, input.units().size(), in);
        } else if (layer instanceof Embedding embedding) {
            return embedding(embedding, out);
        } else if (layer instanceof Attention.Heads heads) {
            return new Attention.Heads(
                    heads(node.inputs().get(0), heads.heads()),
                    heads(node.inputs().get(1), heads.keyValueHeads()),
                    heads.causal());
        } else if (layer instanceof Reshaping.Slice slice) {
            return new Reshaping.Slice(place(input, slice.from()), place(input, slice.to()));
        } else if (layer instanceof Recurrence recurrence) {
            return recurrence(node, recurrence, in, out);
        } else if (layer instanceof Equivariant.Cyclic cyclic) {
            return new Equivariant.Cyclic(cyclic.order(), in, out, cyclic.bias());
        } else if (layer instanceof Equivariant.Symmetric symmetric) {
            return new Equivariant.Symmetric(in, out, symmetric.bias());
        }
        return layer;
    }

    private static Layer convolution(Node node, Convolution old, int in, int out) {
        boolean changes = in != old.in() || out != old.out();
        boolean depthwise = old.groups() == old.in();
        if (changes && old.groups() > 1 && !depthwise) {
            throw new IllegalArgumentException("'" + node.name() + "' has " + old.groups()
                    + " groups; blocks that it reads or writes can't be made wider");
        }
        return new Convolution(
                in,
                out,
                old.kernel(),
                old.stride(),
                old.padding(),
                old.dilation(),
                depthwise && old.groups() > 1 ? in : old.groups(),
                old.bias());
    }

    /** A norm of all neurons grows with them, one of each head stays. */
    private static Norm norm(Norm norm, int units, int wide) {
        if (norm instanceof Norm.BatchNorm batch) {
            return new Norm.BatchNorm(wide, batch.epsilon(), batch.affine(), batch.running());
        } else if (norm instanceof Norm.RmsNorm rms && rms.size() == units) {
            return new Norm.RmsNorm(wide, rms.epsilon() * units / wide);
        } else if (norm instanceof Norm.OffsetRmsNorm rms && rms.size() == units) {
            return new Norm.OffsetRmsNorm(wide, rms.epsilon() * units / wide);
        }
        return norm;
    }

    private static Embedding embedding(Embedding layer, int out) {
        if (layer instanceof Embedding.Lookup lookup) {
            return new Embedding.Lookup(lookup.vocabulary(), out);
        } else if (layer instanceof Embedding.PositionTable table) {
            return new Embedding.PositionTable(table.length(), out, table.first());
        } else if (layer instanceof Embedding.SegmentTable table) {
            return new Embedding.SegmentTable(table.types(), out);
        } else if (layer instanceof Embedding.ClassToken) {
            return new Embedding.ClassToken(out);
        } else if (layer instanceof Embedding.PositionArray array) {
            List<Integer> shape = new ArrayList<>(array.shape());
            shape.set(shape.size() == 3 ? 0 : 1, out); // [channels, height, width] or [length, size]
            return new Embedding.PositionArray(shape);
        }
        return layer;
    }

    private Recurrence recurrence(Node node, Recurrence old, int in, int out) {
        if (old.layers() > 1 && out != old.size()) {
            throw new IllegalArgumentException(
                    "'" + node.name() + "' has " + old.layers() + " layers of one size; one alone can't be made wider");
        }
        if (old instanceof Recurrence.Rnn rnn) {
            return new Recurrence.Rnn(in, out, rnn.layers(), rnn.bias(), rnn.relu());
        }
        return old instanceof Recurrence.Gru gru
                ? new Recurrence.Gru(in, out, gru.layers(), gru.bias())
                : new Recurrence.Lstm(in, out, old.layers(), old.bias());
    }

    /** Returns the new number of heads of a node's output, which is made of one block within or paired with its heads. */
    private int heads(String node, int old) {
        List<NeuronBlock> blocks = architecture.blocks();
        for (Segment segment : architecture.formOf(node).units().segments()) {
            if (!segment.free()) {
                NeuronBlock.Structure structure = blocks.get(segment.block()).structure();
                if (structure instanceof Structure.Within within) {
                    return sizes.of(blocks.get(within.groups()));
                } else if (structure instanceof Structure.Pairs pairs) {
                    return sizes.of(blocks.get(pairs.outer()));
                }
            }
        }
        return old;
    }

    /** Returns where a boundary between segments comes to lie. */
    private int place(Form form, int boundary) {
        int old = 0;
        int larger = 0;
        for (Segment segment : form.units().segments()) {
            if (old >= boundary) {
                break;
            }
            old += segment.size();
            larger += sizes.of(segment);
        }
        if (old != boundary && larger != old) {
            throw new IllegalArgumentException(
                    architecture + " is cut at " + boundary + " within a block, which can't be made wider");
        }
        return old == boundary ? larger : boundary;
    }
}
