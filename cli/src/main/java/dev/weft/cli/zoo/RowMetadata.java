package dev.weft.cli.zoo;

import dev.weft.checkpoints.Zoo;
import dev.weft.checkpoints.ZooRow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a zoo knows about a row beside its parameters, as columns of a table. */
final class RowMetadata {

    private RowMetadata() {}

    /** Returns the names of the columns. */
    static List<String> columns(Zoo zoo) {
        List<String> columns = new ArrayList<>(List.of(
                "id", "run_id", "step", "split", "label", "class", "architecture", "parameters", "source", "seed"));
        zoo.header().metrics().forEach(metric -> columns.add("metric_" + metric));
        return columns;
    }

    /** Returns the values of a row by column; label and class are missing where there is none. */
    static Map<String, Object> of(Zoo zoo, int row) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("id", zoo.id(row));
        values.put("run_id", zoo.runId(row));
        values.put("step", zoo.step(row));
        values.put("split", zoo.split(row).text());
        int label = zoo.label(row);
        if (label != ZooRow.NO_LABEL) {
            values.put("label", label);
            if (!zoo.header().classes().isEmpty()) {
                values.put("class", zoo.header().classes().get(label));
            }
        }
        values.put("architecture", zoo.architecture(row).fingerprint());
        values.put("parameters", zoo.architecture(row).parameterCount());
        values.put("source", zoo.source(row));
        values.put("seed", zoo.seed(row));
        for (String metric : zoo.header().metrics()) {
            values.put("metric_" + metric, zoo.metric(metric, row));
        }
        return values;
    }
}
