package dev.weft.datasets.inr;

import dev.weft.network.Architecture;
import dev.weft.network.Siren;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * How networks are fitted to images: Adam (betas 0.9 and 0.999, eps 1e-8, no decay) on the mean squared error over pixels
 * and channels.
 *
 * @param name for people and provenance
 * @param hidden widths between the two coordinates and the channels
 * @param w0 the factor inside each sine
 * @param offset a constant added to the output
 * @param scheme how parameters are drawn
 * @param order which coordinate comes first
 * @param range the values that are fitted
 * @param learningRate Adam's
 * @param steps the most updates of one network
 * @param stopPsnr in dB, a network that reaches it is left alone; infinity for never
 * @param sampling which pixels a step sees; the published recipes use all
 */
public record InrRecipe(
        String name,
        List<Integer> hidden,
        double w0,
        double offset,
        Scheme scheme,
        PixelGrid.Order order,
        PixelRange range,
        double learningRate,
        int steps,
        double stopPsnr,
        PixelSampling sampling) {

    /** How parameters are drawn. */
    public enum Scheme {
        /** All sine layers U(&plusmn;sqrt(6 / in) / w0) without bias, the last layer as PyTorch draws it. */
        DWS,
        /** First weight U(&plusmn;1 / in), the others U(&plusmn;sqrt(6 / in) / w0), biases as PyTorch draws them. */
        SIREN
    }

    /** The hidden widths of all published sets of small INRs. */
    public static final List<Integer> HIDDEN_DEFAULT = List.of(32, 32);

    /** Adam's constants, as in PyTorch. */
    static final double BETA1 = 0.9;

    static final double BETA2 = 0.999;
    static final double EPSILON = 1e-8;

    public InrRecipe {
        hidden = List.copyOf(hidden);
        if (hidden.isEmpty()) {
            throw new IllegalArgumentException("recipe " + name + ": an INR needs at least one hidden layer");
        }
        if (!(learningRate > 0) || !Double.isFinite(learningRate)) {
            throw new IllegalArgumentException(
                    "recipe " + name + ": the learning rate must be positive, got " + learningRate);
        }
        if (steps < 0) {
            throw new IllegalArgumentException("recipe " + name + ": steps must not be negative, got " + steps);
        }
        if (Double.isNaN(stopPsnr)) {
            throw new IllegalArgumentException("recipe " + name + ": the PSNR to stop at is not a number");
        }
    }

    /**
     * Returns the recipe behind DWSNets' data (Navon et al. 2023, as their authors describe it): output + 0.5, targets in
     * [0, 1], rate 5e-4, at most 1,000 steps, stop at 40 dB.
     */
    public static InrRecipe dws() {
        return new InrRecipe(
                "dws",
                HIDDEN_DEFAULT,
                Siren.W0_DEFAULT,
                0.5,
                Scheme.DWS,
                PixelGrid.Order.XY,
                PixelRange.UNIT,
                5e-4,
                1000,
                40,
                PixelSampling.ALL);
    }

    /** Returns the recipe behind NFN's data (Zhou et al. 2023): targets in [-1, 1], rate 5e-5, always 5,000 steps. */
    public static InrRecipe nfn() {
        return new InrRecipe(
                "nfn",
                HIDDEN_DEFAULT,
                Siren.W0_DEFAULT,
                0,
                Scheme.SIREN,
                PixelGrid.Order.IJ,
                PixelRange.SIGNED,
                5e-5,
                5000,
                Double.POSITIVE_INFINITY,
                PixelSampling.ALL);
    }

    /** Returns a published recipe by its name. */
    public static InrRecipe named(String name) {
        return switch (name) {
            case "dws" -> dws();
            case "nfn" -> nfn();
            default -> throw new IllegalArgumentException("no recipe '" + name + "'; there are dws and nfn");
        };
    }

    public InrRecipe withHidden(List<Integer> widths) {
        return new InrRecipe(name, widths, w0, offset, scheme, order, range, learningRate, steps, stopPsnr, sampling);
    }

    public InrRecipe withSteps(int most) {
        return new InrRecipe(name, hidden, w0, offset, scheme, order, range, learningRate, most, stopPsnr, sampling);
    }

    public InrRecipe withStopPsnr(double decibels) {
        return new InrRecipe(name, hidden, w0, offset, scheme, order, range, learningRate, steps, decibels, sampling);
    }

    public InrRecipe withLearningRate(double rate) {
        return new InrRecipe(name, hidden, w0, offset, scheme, order, range, rate, steps, stopPsnr, sampling);
    }

    public InrRecipe withSampling(PixelSampling pixels) {
        return new InrRecipe(name, hidden, w0, offset, scheme, order, range, learningRate, steps, stopPsnr, pixels);
    }

    /** Returns the networks' architecture for images with the given number of channels. */
    public Architecture architecture(int channels) {
        List<Integer> widths = new ArrayList<>(hidden);
        widths.add(0, 2);
        widths.add(channels);
        return Siren.of(widths, w0, offset);
    }

    /** Returns the recipe for a zoo's provenance; {@code stop_psnr} is absent where fits never stop early. */
    public Map<String, String> provenance() {
        Map<String, String> map = new TreeMap<>();
        map.put("name", name);
        map.put("hidden", hidden.toString());
        map.put("w0", String.valueOf(w0));
        map.put("offset", String.valueOf(offset));
        map.put("scheme", scheme.name().toLowerCase(Locale.ROOT));
        map.put("coordinates", order.name().toLowerCase(Locale.ROOT));
        map.put("pixels", "[" + range.low() + ", " + (range.low() + range.span()) + "]");
        map.put("optimizer", "adam");
        map.put("learning_rate", String.valueOf(learningRate));
        map.put("steps", String.valueOf(steps));
        if (Double.isFinite(stopPsnr)) {
            map.put("stop_psnr", String.valueOf(stopPsnr));
        }
        if (!sampling.isAll()) {
            map.put("first_share", String.valueOf(sampling.firstShare()));
        }
        return map;
    }
}
