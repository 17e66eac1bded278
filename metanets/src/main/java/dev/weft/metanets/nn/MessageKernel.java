package dev.weft.metanets.nn;

import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Messages m = s * (A x_i + C x_j + b) + t and their mean, minimum, maximum and deviation over each neuron's incoming
 * edges, with the gradient, each in one sweep over the edges: what {@link FilmLayer} does in some thirty passes over
 * memory. Messages are not kept, but computed anew for the gradient. Where several messages are the extreme one, the
 * first gets the gradient. Squares are summed around a neuron's first message, which is about a deviation away from the
 * mean, so that little cancels when the mean is taken off.
 *
 * <p>Where the JVM has the Vector API's module, {@link VectorMessages} does the same faster, rounded differently.
 *
 * <p>O(e d) time, shared by the cores a network each.
 */
final class MessageKernel {

    private static final int STATISTICS = 4;
    private static final String VECTOR_MODULE = "jdk.incubator.vector";

    private final EdgeList edges;
    private final int d;
    private final int n;
    private final FloatBuffer scale;
    private final FloatBuffer shift;
    private final float[] receivers;
    private final float[] senders;
    private final double[] degrees;
    private final float[] statistics;
    private final boolean vectors;

    /**
     * Computes the statistics; the arguments are kept for the gradient.
     *
     * @param scale s, [e, d]
     * @param shift t, [e, d]
     * @param receivers A x + b, [b, n, d]
     * @param senders C x, [b, n, d]
     */
    MessageKernel(EdgeList edges, int d, FloatBuffer scale, FloatBuffer shift, float[] receivers, float[] senders) {
        this(edges, d, scale, shift, receivers, senders, hasVectors(d));
    }

    /** As above, and says whether to use the JDK's Vector API. */
    MessageKernel(
            EdgeList edges,
            int d,
            FloatBuffer scale,
            FloatBuffer shift,
            float[] receivers,
            float[] senders,
            boolean vectors) {
        this.vectors = vectors;
        this.edges = edges;
        this.d = d;
        this.n = edges.layout().nodes();
        this.scale = scale;
        this.shift = shift;
        this.receivers = receivers;
        this.senders = senders;
        degrees = edges.layout().degrees();
        statistics = new float[edges.batch() * n * STATISTICS * d];
        edges.forEachNetwork(network -> new Forward(network).run());
    }

    /** Returns whether the JVM was started with the Vector API's module, and states are whole vectors. */
    static boolean hasVectors(int d) {
        return ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent() && VectorMessages.suits(d);
    }

    /** Returns mean, minimum, maximum and deviation side by side, [b, n, 4 d]; 0 where nothing comes in along the list's edges. */
    float[] statistics() {
        return statistics;
    }

    /**
     * Takes the statistics' gradient to the arguments'.
     *
     * @param g of the statistics, [b, n, 4 d]
     * @param scaleGradient written, [e, d]
     * @param shiftGradient written, [e, d]
     */
    EndGradient backward(float[] g, FloatBuffer scaleGradient, FloatBuffer shiftGradient) {
        EndGradient ends = new EndGradient(new float[receivers.length], new float[senders.length]);
        edges.forEachNetwork(network -> new Backward(network, g).run(scaleGradient, shiftGradient, ends));
        return ends;
    }

    /** One network's scratch. */
    private abstract class Sweep {
        final int network;
        final EdgeTile tile = new EdgeTile(edges, d);
        final float[] scales = tile.array(edges);
        final float[] message = tile.array(edges);
        final float[] ends = tile.array(edges);
        final float[] other = tile.array(edges);
        final float[] receiver;
        final float[] sender;
        final float[] shifts = tile.array(edges);

        Sweep(int network) {
            this.network = network;
            receiver = Arrays.copyOfRange(receivers, first(), first() + n * d);
            sender = Arrays.copyOfRange(senders, first(), first() + n * d);
        }

        /** Returns where the network's nodes begin in [b, n, d]. */
        final int first() {
            return network * n * d;
        }

        /** Returns where a node's statistic lies in [b, n, 4 d]. */
        final int wide(int node, int column) {
            return ((network * n + node) * STATISTICS + column) * d;
        }

        /** Reads what the edges of a row give to their messages. */
        final void read(EdgeList.Rows rows, int target) {
            int values = rows.sources() * d;
            int position = edges.position(network, rows, target) * d;
            scale.get(position, scales, 0, values);
            shift.get(position, shifts, 0, values);
        }

        final VectorMessages vectorMessages() {
            return new VectorMessages(d, scales, shifts, receiver, sender);
        }

        /** Computes the messages of a row that was read. */
        final void messages(EdgeList.Rows rows, int target) {
            int values = rows.sources() * d;
            tile.spreadReceivers(ends, receiver, rows, target);
            tile.spreadSenders(other, sender, rows, target);
            FloatLoops.add(ends, other, values);
            FloatLoops.multiplyAdd(message, scales, ends, shifts, values);
        }
    }

    private final class Forward extends Sweep {
        private final float[] sum = new float[n * d];
        private final float[] min = filled(Float.POSITIVE_INFINITY);
        private final float[] max = filled(Float.NEGATIVE_INFINITY);
        private final float[] centre = filled(Float.NaN);
        private final float[] squares = new float[n * d];

        Forward(int network) {
            super(network);
        }

        private float[] filled(float value) {
            float[] array = new float[n * d];
            Arrays.fill(array, value);
            return array;
        }

        void run() {
            boolean[] begun = new boolean[n];
            for (EdgeList.Rows rows : edges.rows()) {
                for (int t = 0; t < rows.targets(); t++) {
                    read(rows, t);
                    begin(begun, rows, t);
                    if (vectors) {
                        reduceVectors(rows, t);
                    } else {
                        messages(rows, t);
                        reduce(rows, t);
                    }
                }
            }
            for (int node = 0; node < n; node++) {
                if (begun[node]) {
                    write(node);
                }
            }
        }

        /** Takes the first message of each receiver as its centre. */
        private void begin(boolean[] begun, EdgeList.Rows rows, int t) {
            int node = rows.firstReceiver(t);
            if (begun[node]) {
                return;
            }
            int count = rows.receivers();
            Arrays.fill(begun, node, node + count, true);
            int from = rows.firstSender(t) * d;
            for (int i = 0; i < count * d; i++) {
                centre[node * d + i] = scales[i] * (receiver[node * d + i] + sender[from + i % d]) + shifts[i];
            }
        }

        private void reduceVectors(EdgeList.Rows rows, int t) {
            int target = (rows.targetNode() + t) * d;
            int sources = rows.sourceNode() * d;
            VectorMessages messages = vectorMessages();
            VectorMessages.Reduced to = new VectorMessages.Reduced(sum, min, max, centre, squares);
            if (rows.sharesReceiver()) {
                messages.reduceToOne(to, target, sources, rows.sources());
            } else {
                messages.reduceFromOne(to, target, sources, rows.sources());
            }
        }

        private void reduce(EdgeList.Rows rows, int t) {
            tile.gatherReceivers(FloatLoops::add, sum, message, rows, t);
            tile.gatherReceivers(FloatLoops::min, min, message, rows, t);
            tile.gatherReceivers(FloatLoops::max, max, message, rows, t);
            tile.spreadReceivers(other, centre, rows, t);
            FloatLoops.squares(ends, message, other, rows.sources() * d);
            tile.gatherReceivers(FloatLoops::add, squares, ends, rows, t);
        }

        private void write(int node) {
            System.arraycopy(min, node * d, statistics, wide(node, 1), d);
            System.arraycopy(max, node * d, statistics, wide(node, 2), d);
            for (int k = 0; k < d; k++) {
                int i = node * d + k;
                double mean = sum[i] / degrees[node];
                double variance = squares[i] / degrees[node] - (mean - centre[i]) * (mean - centre[i]);
                statistics[wide(node, 0) + k] = (float) mean;
                statistics[wide(node, 3) + k] =
                        variance > NeighbourStatistics.VARIANCE_FLOOR ? (float) Math.sqrt(variance) : 0;
            }
        }
    }

    private final class Backward extends Sweep {
        private final float[] mean = column(statistics, 0);
        private final float[] min = column(statistics, 1);
        private final float[] max = column(statistics, 2);
        private final float[] constant;
        private final float[] slope;
        private final float[] minGradient;
        private final float[] maxGradient;
        private final float[] gradient = tile.array(edges);
        private final float[] constants = tile.array(edges);
        private final float[] slopes = tile.array(edges);

        Backward(int network, float[] g) {
            super(network);
            constant = column(g, 0);
            minGradient = column(g, 1);
            maxGradient = column(g, 2);
            slope = column(g, 3);
            float[] deviation = column(statistics, 3);
            for (int i = 0; i < slope.length; i++) {
                float degree = (float) Math.max(1, degrees[i / d]);
                constant[i] /= degree;
                slope[i] = deviation[i] > 0 ? slope[i] / (deviation[i] * degree) : 0;
            }
        }

        /** Cuts one of the statistics out of [b, n, 4 d]. */
        private float[] column(float[] wide, int column) {
            float[] narrow = new float[n * d];
            for (int node = 0; node < n; node++) {
                System.arraycopy(wide, wide(node, column), narrow, node * d, d);
            }
            return narrow;
        }

        void run(FloatBuffer scaleGradient, FloatBuffer shiftGradient, EndGradient endGradient) {
            VectorMessages.Gradients to =
                    new VectorMessages.Gradients(other, gradient, new float[n * d], new float[n * d]);
            for (EdgeList.Rows rows : edges.rows()) {
                for (int t = 0; t < rows.targets(); t++) {
                    read(rows, t);
                    if (vectors) {
                        differentiateVectors(rows, t, to);
                    } else {
                        differentiatePlainly(rows, t, to);
                    }
                    int values = rows.sources() * d;
                    int position = edges.position(network, rows, t) * d;
                    shiftGradient.put(position, to.shift(), 0, values);
                    scaleGradient.put(position, to.scale(), 0, values);
                }
            }
            System.arraycopy(to.receiver(), 0, endGradient.receivers(), first(), n * d);
            System.arraycopy(to.sender(), 0, endGradient.senders(), first(), n * d);
        }

        private void differentiateVectors(EdgeList.Rows rows, int t, VectorMessages.Gradients to) {
            int target = (rows.targetNode() + t) * d;
            int sources = rows.sourceNode() * d;
            VectorMessages messages = vectorMessages();
            VectorMessages.Slopes slopes =
                    new VectorMessages.Slopes(mean, constant, slope, min, minGradient, max, maxGradient);
            if (rows.sharesReceiver()) {
                messages.differentiateToOne(slopes, to, target, sources, rows.sources());
            } else {
                messages.differentiateFromOne(slopes, to, target, sources, rows.sources());
            }
        }

        private void differentiatePlainly(EdgeList.Rows rows, int t, VectorMessages.Gradients to) {
            int values = rows.sources() * d;
            messages(rows, t);
            differentiate(rows, t);
            FloatLoops.multiply(constants, gradient, scales, values);
            tile.gatherReceivers(FloatLoops::add, to.receiver(), constants, rows, t);
            tile.gatherSenders(FloatLoops::add, to.sender(), constants, rows, t);
            FloatLoops.multiply(to.scale(), gradient, ends, values);
        }

        /** Computes the messages' gradient. */
        private void differentiate(EdgeList.Rows rows, int t) {
            int values = rows.sources() * d;
            tile.spreadReceivers(other, mean, rows, t);
            tile.spreadReceivers(constants, constant, rows, t);
            tile.spreadReceivers(slopes, slope, rows, t);
            FloatLoops.line(gradient, message, other, constants, slopes, values);
            tile.spreadReceivers(other, min, rows, t);
            tile.spreadReceivers(constants, max, rows, t);
            int offset = rows.firstReceiver(t) * d;
            int period = rows.receivers() * d;
            for (int i = 0; i < values; i++) {
                if (message[i] == other[i]) {
                    gradient[i] += take(minGradient, offset + i % period);
                }
                if (message[i] == constants[i]) {
                    gradient[i] += take(maxGradient, offset + i % period);
                }
            }
        }

        /** Returns a value the first time, 0 from then on. */
        private static float take(float[] values, int i) {
            float value = values[i];
            values[i] = 0;
            return value;
        }
    }
}
