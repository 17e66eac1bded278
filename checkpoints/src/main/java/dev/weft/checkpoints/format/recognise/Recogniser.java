package dev.weft.checkpoints.format.recognise;

import dev.weft.network.FormatException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * Knows a family of networks by the names and shapes of its tensors.
 *
 * <p>To add one:
 *
 * <ol>
 *   <li>Implement this interface, with a public constructor without arguments. Look for one tensor that only this family
 *       has ({@link StateDict#prefixes}), then lay the layers down with a {@link Sketch}, which reads their sizes off the
 *       tensors.
 *   <li>What tensors do not tell comes from {@link StateDict#config()} or {@link StateDict#hints()}; what is assumed
 *       otherwise lowers the confidence and is named in the reason. Where a configuration says the same as a tensor, the
 *       two must agree.
 *   <li>What changes the function and cannot be run is refused by its exact name ({@link FormatException.Unsupported}).
 *   <li>Name the class in {@code META-INF/services/dev.weft.checkpoints.format.recognise.Recogniser}.
 *   <li>Add a network to {@code src/test/python/recognise_fixtures.py}: the contract test then runs it against PyTorch and
 *       checks its round trip and its symmetries.
 * </ol>
 */
public interface Recogniser {

    /** Returns the name for {@link Hints#family()}: lower case, without blanks. */
    String name();

    /**
     * Returns the network, or nothing if the tensors are of another family. Reads no more than a few values.
     *
     * @throws FormatException if they are of this family but damaged, or of a kind that cannot be run
     */
    Optional<Recognition> recognise(StateDict tensors) throws IOException;

    /** Returns all recognisers. */
    static List<Recogniser> all() {
        return Known.RECOGNISERS;
    }

    /** Looks through the class path once. */
    final class Known {

        private static final List<Recogniser> RECOGNISERS =
                ServiceLoader.load(Recogniser.class, Recogniser.class.getClassLoader()).stream()
                        .map(ServiceLoader.Provider::get)
                        .toList();

        private Known() {}
    }
}
