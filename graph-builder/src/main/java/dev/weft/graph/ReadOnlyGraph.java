package dev.weft.graph;

import java.util.Collection;
import java.util.Set;
import java.util.function.Supplier;
import org.jgrapht.Graph;
import org.jspecify.annotations.Nullable;

/** The half of JGraphT's interface that a computed graph refuses. */
abstract class ReadOnlyGraph<V, E> implements Graph<V, E> {

    private static UnsupportedOperationException refusal() {
        return new UnsupportedOperationException("the graph is a view of an architecture and can't be changed");
    }

    @Override
    public final @Nullable Supplier<V> getVertexSupplier() {
        return null;
    }

    @Override
    public final @Nullable Supplier<E> getEdgeSupplier() {
        return null;
    }

    @Override
    public final V addVertex() {
        throw refusal();
    }

    @Override
    public final boolean addVertex(V vertex) {
        throw refusal();
    }

    @Override
    public final E addEdge(V source, V target) {
        throw refusal();
    }

    @Override
    public final boolean addEdge(V source, V target, E edge) {
        throw refusal();
    }

    @Override
    public final boolean removeAllEdges(Collection<? extends E> edges) {
        throw refusal();
    }

    @Override
    public final Set<E> removeAllEdges(V source, V target) {
        throw refusal();
    }

    @Override
    public final boolean removeAllVertices(Collection<? extends V> vertices) {
        throw refusal();
    }

    @Override
    public final E removeEdge(V source, V target) {
        throw refusal();
    }

    @Override
    public final boolean removeEdge(E edge) {
        throw refusal();
    }

    @Override
    public final boolean removeVertex(V vertex) {
        throw refusal();
    }

    @Override
    public final void setEdgeWeight(E edge, double weight) {
        throw refusal();
    }

    @Override
    public final void setEdgeWeight(V source, V target, double weight) {
        throw refusal();
    }
}
