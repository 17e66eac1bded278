package dev.weft.checkpoints.format.recognise;

/** A row of either precision. */
sealed interface Row {

    void set(int at, double value);

    double get(int at);

    /** Whether a value of a file is the row's, in the row's precision. */
    boolean holds(int at, double value);

    record OfFloats(float[] values) implements Row {
        @Override
        public void set(int at, double value) {
            values[at] = (float) value;
        }

        @Override
        public double get(int at) {
            return values[at];
        }

        @Override
        public boolean holds(int at, double value) {
            return Float.floatToIntBits(values[at]) == Float.floatToIntBits((float) value);
        }
    }

    record OfDoubles(double[] values) implements Row {
        @Override
        public void set(int at, double value) {
            values[at] = value;
        }

        @Override
        public double get(int at) {
            return values[at];
        }

        @Override
        public boolean holds(int at, double value) {
            return Double.doubleToLongBits(values[at]) == Double.doubleToLongBits(value);
        }
    }
}
