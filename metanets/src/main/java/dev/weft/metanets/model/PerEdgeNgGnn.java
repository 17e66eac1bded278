package dev.weft.metanets.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.weft.metanets.nn.FilmLayer;
import dev.weft.metanets.nn.ForwardPass;
import dev.weft.metanets.nn.PerEdgeEncoder;
import dev.weft.metanets.nn.PerEdgeFilm;

/**
 * {@link NgGnn} evaluated edge by edge with the same values: the truth that the block form is tested against, and the
 * baseline of {@code weft bench ng-gnn.train}.
 */
public final class PerEdgeNgGnn {

    private final NgGnn model;
    private final PerEdgeEncoder encoder;
    private final PerEdgeFilm plain;

    /**
     * Prepares an initialised model.
     *
     * @param manager owner of what does not change between passes
     */
    public PerEdgeNgGnn(NgGnn model, NDManager manager) {
        this.model = model;
        this.encoder = new PerEdgeEncoder(model.layout());
        this.plain = new PerEdgeFilm(model.layout(), manager, model.type());
    }

    /** Reads raw rows [b, P]; returns [b, outputs]. */
    public NDArray forward(ForwardPass pass, NDArray rows) {
        NDArray x = model.encodeNodes(pass, rows);
        NDArray edges = encoder.forward(pass, model.edgeEncoder(), model.weights(rows)); // [b, e, d]
        for (FilmLayer layer : model.layers()) {
            PerEdgeFilm.Output output = plain.forward(pass, layer, x, edges);
            x = output.nodes();
            edges = output.edges();
        }
        return model.read(pass, x);
    }
}
