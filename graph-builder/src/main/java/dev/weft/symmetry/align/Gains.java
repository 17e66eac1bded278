package dev.weft.symmetry.align;

/**
 * What each place of a block gains from each neuron that could stand there.
 *
 * @param size n
 * @param plain [n * n], row by row a place: the part that does not depend on the neuron's sign
 * @param odd [n * n] the part that turns with the neuron's sign, empty where signs are not free
 */
record Gains(int size, double[] plain, double[] odd) {

    /** Returns the gain with the better sign. */
    double at(int place, int neuron) {
        int i = place * size + neuron;
        return odd.length == 0 ? plain[i] : plain[i] + Math.abs(odd[i]);
    }

    /** Returns the better sign, 1 or -1. */
    int sign(int place, int neuron) {
        return odd.length > 0 && odd[place * size + neuron] < 0 ? -1 : 1;
    }

    /** Returns the gains as a matrix [place][neuron]. */
    double[][] matrix() {
        double[][] matrix = new double[size][size];
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                matrix[i][j] = at(i, j);
            }
        }
        return matrix;
    }
}
