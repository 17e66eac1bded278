package dev.weft.cli.results;

import dev.weft.hypernets.ConditionedHyperNetwork;
import dev.weft.hypernets.InputEncoding;
import java.util.List;

/** The forms of {@code weft results hypernetwork-inputs}: with and without the two parts of the parametrisation. */
enum InputsForm {
    PLAIN("plain", InputEncoding.IDENTITY, false),
    INPUT("input encoding", InputEncoding.COS_SIN, false),
    OUTPUT("own parameters", InputEncoding.IDENTITY, true),
    BOTH("both (MIP)", InputEncoding.COS_SIN, true);

    private static final List<Integer> WIDTHS = List.of(16, 64);

    private final String label;
    private final InputEncoding encoding;
    private final boolean residual;

    InputsForm(String label, InputEncoding encoding, boolean residual) {
        this.label = label;
        this.encoding = encoding;
        this.residual = residual;
    }

    String label() {
        return label;
    }

    ConditionedHyperNetwork.Config config() {
        return new ConditionedHyperNetwork.Config(1, WIDTHS, encoding, residual);
    }

    /** Returns the hypernetwork's widths in words. */
    static String widths() {
        return "1 or 2-" + WIDTHS.get(0) + "-" + WIDTHS.get(1) + "-P";
    }
}
