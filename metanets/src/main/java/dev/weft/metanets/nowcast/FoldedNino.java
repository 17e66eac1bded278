package dev.weft.metanets.nowcast;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.weft.metanets.nowcast.Nino.Layer;
import dev.weft.metanets.nowcast.Nino.NinoWeights;
import dev.weft.metanets.nowcast.wiring.EdgeType;
import java.util.ArrayList;
import java.util.List;

/**
 * NiNo's weights folded for one horizon and one number F of values an edge; maps are folded in double precision. With a the
 * 5 F raw features of an edge, d the width, h0 and h1 the hidden values of the two edge updates:
 *
 * <pre>
 * scale0, shift0 = affine(a) by type             h0 = SiLU(affine(a) by type + share of source + share of target)
 * scale1, shift1 = affine(h0)                    h1 = SiLU(affine(h0) + share of source + share of target)
 * output = affine(SiLU(affine(h1)))
 * </pre>
 */
final class FoldedNino {

    final NDManager manager;
    final int width;
    final int features;

    /** Scales and shifts of layer 0 from sums of raw features and counts of types: [d, 5 F + types], no bias. */
    final DeviceMap scaleSums0;

    final DeviceMap shiftSums0;
    /** Scales of layer 0, by type. */
    final List<DeviceMap> scale0;
    /** The edge's share in h0, by type. */
    final List<DeviceMap> edge0;

    final DeviceMap scale1;
    final DeviceMap shift1;
    final DeviceMap edge1;
    final DeviceMap outputHidden;
    /** The displacement of each feature, averaged over the horizons. */
    final DeviceMap output;

    final Node[] nodes;
    final DeviceMap encoding;
    private final NinoWeights weights;

    /**
     * The maps of a layer's nodes.
     *
     * @param messageTarget share of the target in the map of pairs, with its bias
     * @param messageSource share of the source
     * @param self share of the node's own state in its next one, with the bias
     * @param received share of what it received
     * @param updateSource share of the source in the edge update
     * @param updateTarget share of the target
     */
    record Node(
            DeviceMap messageTarget,
            DeviceMap messageSource,
            DeviceMap self,
            DeviceMap received,
            DeviceMap updateSource,
            DeviceMap updateTarget) {}

    FoldedNino(NDManager manager, NinoWeights weights, int features, ForecastSettings settings) {
        this.manager = manager;
        this.weights = weights;
        this.width = weights.width();
        this.features = features;
        Layer first = weights.layers()[0];
        Layer second = weights.layers()[1];
        AffineMap raw = weights.edge()
                .columns(0, features * Trajectory.STATES)
                .withBias(weights.edge().bias());
        AffineMap scale = first.encoder().rows(0, width);
        scaleSums0 = sums(scale, raw);
        shiftSums0 = sums(first.encoder().rows(width, width), raw);
        scale0 = byType(scale, raw);
        edge0 = byType(first.edge(), raw);
        AffineMap encoder = second.encoder().after(first.last());
        scale1 = DeviceMap.of(manager, encoder.rows(0, width));
        shift1 = DeviceMap.of(manager, encoder.rows(width, width));
        edge1 = DeviceMap.of(manager, second.edge().after(first.last()));
        outputHidden = DeviceMap.of(manager, weights.outputHidden().after(second.last()));
        output = DeviceMap.of(manager, output(settings));
        nodes = new Node[] {node(first), node(second)};
        encoding = DeviceMap.of(manager, weights.node());
    }

    private AffineMap typed(AffineMap raw, int type) {
        return raw.withBias(AffineMap.sum(raw.bias(), weights.types()[type]));
    }

    private List<DeviceMap> byType(AffineMap map, AffineMap raw) {
        List<DeviceMap> maps = new ArrayList<>();
        for (int type = 0; type < EdgeType.COUNT; type++) {
            maps.add(DeviceMap.of(manager, map.after(typed(raw, type))));
        }
        return maps;
    }

    /** Returns the sum of a map over edges as a map of the sum of their features and their number by type. */
    private DeviceMap sums(AffineMap map, AffineMap raw) {
        int in = raw.in();
        double[] w = new double[width * (in + EdgeType.COUNT)];
        for (int type = 0; type < EdgeType.COUNT; type++) {
            AffineMap folded = map.after(typed(raw, type));
            for (int o = 0; o < width; o++) {
                System.arraycopy(folded.weight(), o * in, w, o * (in + EdgeType.COUNT), in);
                w[o * (in + EdgeType.COUNT) + in + type] = folded.bias()[o];
            }
        }
        return DeviceMap.of(manager, new AffineMap(width, in + EdgeType.COUNT, w, new double[width]));
    }

    private AffineMap output(ForecastSettings settings) {
        double[] w = new double[features * width];
        double[] b = new double[features];
        for (int f = 0; f < features; f++) {
            AffineMap row = weights.output().mean(f * weights.horizons() + settings.from() - 1, settings.count());
            System.arraycopy(row.weight(), 0, w, f * width, width);
            b[f] = row.bias()[0];
        }
        return new AffineMap(features, width, w, b);
    }

    private Node node(Layer layer) {
        AffineMap pair = layer.pair();
        AffineMap node = layer.node();
        return new Node(
                DeviceMap.of(manager, pair.columns(0, width).withBias(pair.bias())),
                DeviceMap.of(manager, pair.columns(width, width)),
                DeviceMap.of(manager, node.columns(0, width).withBias(node.bias())),
                DeviceMap.of(manager, node.columns(width, width)),
                DeviceMap.of(manager, layer.source()),
                DeviceMap.of(manager, layer.target()));
    }

    /** Returns the nodes' first states [n, d], or [1, d] if all nodes have the same. */
    NDArray nodes(int count, int tokens, float[] given) {
        NDArray states = given.length == 0
                ? encoding.apply(manager.zeros(new Shape(1, Nino.ENCODING)))
                : encoding.apply(manager.create(given, new Shape(count, Nino.ENCODING)));
        float[] table = weights.tokens();
        if (table == null) {
            return states;
        }
        float[] rows = new float[count * width];
        for (int node = 0; node < count; node++) {
            System.arraycopy(table, (node < tokens ? node + 1 : 0) * width, rows, node * width, width);
        }
        return manager.create(rows, new Shape(count, width)).addi(states);
    }
}
