package dev.weft.hypernets.ghn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import dev.weft.graph.ComputationNode;
import dev.weft.metanets.nn.ForwardPass;
import dev.weft.network.Seed;
import java.util.List;

/** Vectors for the four sizes of a node's shape, side by side: [n, d]. */
final class ShapeEncoder extends GhnBlock {

    private static final int SIZES = 4;

    private final ShapeVocabulary vocabulary;
    private final Table extents;
    private final Table channels;

    ShapeEncoder(GhnConfig config, Seed seed) {
        vocabulary = new ShapeVocabulary(config.kernel(), config.classes());
        int size = config.hidden() / SIZES;
        boolean narrow = config.centred();
        extents =
                addChildBlock("embed_spatial", Table.of(vocabulary.extentRows(), size, narrow, seed.split("extents")));
        channels = addChildBlock(
                "embed_channel", Table.of(vocabulary.channelRows(), size, narrow, seed.split("channels")));
    }

    NDArray forward(ForwardPass pass, List<ComputationNode> nodes) {
        long[][] rows = new long[SIZES][nodes.size()];
        for (int i = 0; i < nodes.size(); i++) {
            int[] sizes = vocabulary.rows(nodes.get(i));
            for (int s = 0; s < SIZES; s++) {
                rows[s][i] = sizes[s];
            }
        }
        NDList parts = new NDList();
        for (int s = 0; s < SIZES; s++) {
            parts.add((s < 2 ? channels : extents).rows(pass, rows[s]));
        }
        return NDArrays.concat(parts, 1);
    }
}
