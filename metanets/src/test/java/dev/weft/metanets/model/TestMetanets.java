package dev.weft.metanets.model;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.ParameterStore;
import dev.weft.metanets.nn.ForwardPass;
import dev.weft.testing.EquivarianceContract;
import dev.weft.testing.Rows;

/** Makes and runs small metanets. */
final class TestMetanets {

    private TestMetanets() {}

    static <M extends Metanet> M initialized(NDManager manager, M model, DataType type) {
        model.initialize(manager, type);
        return model;
    }

    static ForwardPass pass(NDManager manager, boolean training) {
        return new ForwardPass(new ParameterStore(manager, false), Device.cpu(), training);
    }

    /** Returns a float64 metanet as a function of rows, for the contract. */
    static EquivarianceContract.RowFunction function(Metanet model) {
        NDManager manager = NDManager.newBaseManager(Device.cpu());
        initialized(manager, model, DataType.FLOAT64);
        return new EquivarianceContract.RowFunction() {
            @Override
            public double[][] apply(double[][] rows) {
                try (NDManager sub = manager.newSubManager()) {
                    NDArray output = model.forward(pass(sub, false), Rows.array(sub, rows));
                    return rows(output);
                }
            }

            @Override
            public void close() {
                manager.close();
            }
        };
    }

    static double[][] rows(NDArray array) {
        double[] flat = array.toType(DataType.FLOAT64, false).toDoubleArray();
        int n = (int) array.getShape().get(0);
        double[][] rows = new double[n][flat.length / n];
        for (int i = 0; i < n; i++) {
            System.arraycopy(flat, i * rows[i].length, rows[i], 0, rows[i].length);
        }
        return rows;
    }
}
