package dev.weft.checkpoints.format.recognise;

import dev.weft.network.Attention;
import dev.weft.network.FormatException;
import java.util.ArrayList;
import java.util.List;

/**
 * Rotary positions as Hugging Face's configurations describe them: {@code rope_theta}, {@code rope_scaling}, and since
 * version 5 {@code rope_parameters}.
 *
 * @param base of the frequencies
 * @param part of each head's coordinates that is turned
 * @param scaling the settings of a changed frequency, or empty
 */
record RotaryPositions(double base, double part, String kind, HubConfig scaling) {

    private static final String DEFAULT = "default";

    /**
     * Reads a configuration.
     *
     * @param layers the key of layers' kind under {@code rope_parameters}, where layers differ, or an empty text
     * @param base if the configuration has none
     */
    static RotaryPositions of(HubConfig config, String layers, double base) throws FormatException {
        HubConfig parameters = config.part("rope_parameters");
        if (parameters.has(layers)) {
            parameters = parameters.part(layers);
        }
        HubConfig scaling = parameters.has("rope_type") ? parameters : config.part("rope_scaling");
        String kind = scaling.text("rope_type", scaling.text("type", DEFAULT));
        double part = config.number("partial_rotary_factor", config.number("rotary_pct", 1));
        return new RotaryPositions(
                parameters.number("rope_theta", config.number("rope_theta", config.number("rotary_emb_base", base))),
                parameters.number("partial_rotary_factor", part),
                kind.equals("dynamic") ? DEFAULT : kind, // which changes nothing up to the trained length
                scaling);
    }

    /** Returns the layer that turns heads of {@code size} coordinates. */
    Attention layer(int size) throws FormatException {
        int turned = (int) (size * part);
        if (turned < 2 || turned > size || turned % 2 != 0) {
            throw scaling.unsupported("rotary positions of " + turned + " of " + size + " coordinates");
        }
        if (kind.equals(DEFAULT) && turned == size) {
            return new Attention.Rotary(size, base, false);
        }
        List<Double> frequencies = new ArrayList<>();
        for (int p = 0; p < turned / 2; p++) {
            frequencies.add(scaled(Math.pow(base, -2.0 * p / turned)));
        }
        return new Attention.Rotation(size, frequencies, false);
    }

    private double scaled(double frequency) throws FormatException {
        return switch (kind) {
            case DEFAULT -> frequency;
            case "linear" -> frequency / scaling.number("factor", 1);
            case "llama3" -> llama3(frequency);
            default -> throw scaling.unsupported("rotary positions of type '" + kind + "' (rope_type)");
        };
    }

    /** Slow turns become slower by a factor, fast ones stay, those between are mixed (Llama 3.1). */
    private double llama3(double frequency) throws FormatException {
        double factor = scaling.number("factor", 1);
        double low = scaling.number("low_freq_factor", 1);
        double high = scaling.number("high_freq_factor", 4);
        double length = scaling.number("original_max_position_embeddings", 8192);
        double turns = length * frequency / (2 * Math.PI);
        if (turns < low) {
            return frequency / factor;
        }
        if (turns > high) {
            return frequency;
        }
        double fast = (turns - low) / (high - low);
        return (1 - fast) * frequency / factor + fast * frequency;
    }
}
