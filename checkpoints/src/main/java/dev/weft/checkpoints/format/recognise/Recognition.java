package dev.weft.checkpoints.format.recognise;

import dev.weft.network.Architecture;
import java.util.List;

/**
 * What network a file holds.
 *
 * @param family whose names the tensors have, for example {@code Llama (Hugging Face)}
 * @param architecture without values
 * @param confidence in (0, 1]: 1 where a configuration or the user says what the network is, less where habits were assumed
 * @param reason what was seen and what was assumed, for people
 * @param placements where the file's tensors belong; every parameter has exactly one that is no copy
 * @param leftovers the file's other tensors
 */
public record Recognition(
        String family,
        Architecture architecture,
        double confidence,
        String reason,
        List<Placement> placements,
        List<Leftover> leftovers) {

    public Recognition {
        placements = List.copyOf(placements);
        leftovers = List.copyOf(leftovers);
    }
}
