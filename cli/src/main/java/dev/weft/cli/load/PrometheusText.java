package dev.weft.cli.load;

/** Values in Prometheus' text format. */
final class PrometheusText {

    private PrometheusText() {}

    /** Returns the sum of the samples whose lines begin so, 0 if there are none. */
    static double sum(String text, String begin) {
        return text.lines()
                .filter(line -> line.startsWith(begin))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
