package dev.weft.cli.service.model;

import java.util.List;
import java.util.Map;

/**
 * A served model as clients see it.
 *
 * @param name by which it is asked
 * @param kind metanet, hypernet or nowcaster
 * @param version digest of its files
 * @param operations what can be asked of it
 * @param facts that depend on the kind
 * @param card the model's card in Markdown, empty if there is none
 */
public record ModelDescription(
        String name, String kind, String version, List<String> operations, Map<String, Object> facts, String card) {

    static ModelDescription of(ModelVersion version) {
        ServedModel model = version.model();
        return new ModelDescription(
                version.name(),
                model.kind(),
                version.version(),
                model.operations().stream().map(Operation::word).toList(),
                model.facts(),
                version.card());
    }
}
