package dev.weft.cli.checkpoint;

import dev.weft.checkpoints.format.recognise.Leftover;
import dev.weft.cli.checkpoint.NetworkSummary.Symmetry;
import dev.weft.cli.report.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A recognised network as text for people. */
final class NetworkText {

    private static final int SHOWN = 20; // leftovers of one kind

    private NetworkText() {}

    static String of(NetworkSummary network) {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "network: %s, confidence %.2f%n  %s%n  %s, input %s, output %s%n  %,d parameters, %,d trained; %,d blocks of"
                        + " neurons, %,d of them movable%n",
                network.family(),
                network.confidence(),
                network.reason().isEmpty() ? "its tensors and its configuration say so" : network.reason(),
                network.architecture(),
                network.input(),
                network.output(),
                network.parameters(),
                network.trained(),
                network.blocks(),
                network.movable()));
        if (!network.symmetries().isEmpty()) {
            text.append('\n').append(symmetries(network.symmetries()));
        }
        network.tied()
                .forEach((tensor, parameter) ->
                        text.append(String.format(Locale.ROOT, "%n%s holds %s once more", tensor, parameter)));
        text.append(network.tied().isEmpty() ? "" : "\n");
        return text + leftovers(network.leftovers());
    }

    private static Table symmetries(List<Symmetry> symmetries) {
        Table table = new Table("symmetry", "block size", "blocks", "group");
        for (Symmetry each : symmetries) {
            table.row(
                    each.kind(),
                    each.size() == 0 ? "-" : each.size(),
                    each.count() == 0 ? "-" : each.count(),
                    each.dimensions() > 0
                            ? String.format(Locale.ROOT, "%,d free numbers", each.dimensions())
                            : String.format(Locale.ROOT, "10^%,.1f elements", each.log10Order()));
        }
        return table;
    }

    private static String leftovers(List<Leftover> leftovers) {
        Map<String, List<String>> byNote = new LinkedHashMap<>();
        for (Leftover each : leftovers) {
            String title = each.kind().name().toLowerCase(Locale.ROOT) + ": " + each.note();
            byNote.computeIfAbsent(title, note -> new ArrayList<>()).add(each.tensor());
        }
        StringBuilder text = new StringBuilder();
        byNote.forEach((title, names) -> {
            text.append(String.format(Locale.ROOT, "%nnot in the row, %s%n", title));
            names.stream()
                    .limit(SHOWN)
                    .forEach(name -> text.append("  ").append(name).append('\n'));
            if (names.size() > SHOWN) {
                text.append("  and ").append(names.size() - SHOWN).append(" more (--json lists all)\n");
            }
        });
        return text.toString();
    }
}
