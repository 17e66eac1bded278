package dev.weft.checkpoints.format.recognise;

import dev.weft.checkpoints.format.Listing;
import dev.weft.network.FormatException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks every recogniser, and takes the one that is surest. */
final class Selection {

    /** A refusal of one recogniser outweighs another that is less sure than this. */
    private static final double SURE = 0.6;

    private final List<Recognition> found = new ArrayList<>();
    private @Nullable FormatException refusal;

    private Selection() {}

    static Recognition of(StateDict tensors) throws IOException {
        return of(tensors, asked(tensors.hints().family()));
    }

    static Recognition of(StateDict tensors, List<Recogniser> recognisers) throws IOException {
        Selection selection = new Selection();
        for (Recogniser recogniser : recognisers) {
            selection.ask(recogniser, tensors);
        }
        return selection.best(tensors);
    }

    private static List<Recogniser> asked(@Nullable String name) {
        if (name == null) {
            return Recogniser.all();
        }
        List<Recogniser> named = Recogniser.all().stream()
                .filter(recogniser -> recogniser.name().equals(name))
                .toList();
        if (named.isEmpty()) {
            throw new IllegalArgumentException("no family '" + name + "', expected one of " + names());
        }
        return named;
    }

    private static List<String> names() {
        return Recogniser.all().stream().map(Recogniser::name).sorted().toList();
    }

    private void ask(Recogniser recogniser, StateDict tensors) throws IOException {
        try {
            recogniser.recognise(tensors).ifPresent(found::add);
        } catch (FormatException e) {
            refusal = refusal == null ? e : refusal;
        } catch (IllegalArgumentException | ArithmeticException e) { // a layer that refuses the sizes of a tensor
            String what = "tensors of sizes that make no network of the family " + recogniser.name() + ": ";
            refusal = new FormatException.Corrupt(tensors.file().origin(), what + e.getMessage(), e);
        }
    }

    private static FormatException unknown(StateDict tensors) {
        String type = tensors.config().map(HubConfig::title).orElse("");
        return tensors.unsupported("no known family of networks" + (type.isEmpty() ? "" : " (" + type + ")")
                + " has the tensors " + Listing.of(tensors.file().tensors().keySet())
                + "; an architecture in JSON can say what the network is (--arch)");
    }

    private Recognition best(StateDict tensors) throws FormatException {
        found.sort(Comparator.comparingDouble(Recognition::confidence).reversed());
        FormatException refused = refusal;
        if (refused != null && (found.isEmpty() || found.get(0).confidence() < SURE)) {
            throw refused;
        }
        if (found.isEmpty()) {
            throw UnsupportedFamilies.refusal(tensors).orElseGet(() -> unknown(tensors));
        }
        Recognition best = found.get(0);
        for (Recognition other : found.subList(1, found.size())) {
            if (other.confidence() == best.confidence() && !other.architecture().equals(best.architecture())) {
                throw tensors.unsupported("two families match equally well, " + best.family() + " (" + best.reason()
                        + ") and " + other.family() + " (" + other.reason() + "); name one of them (--as)");
            }
        }
        return best;
    }
}
