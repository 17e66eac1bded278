package dev.weft.metanets.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weft.metanets.nn.NodeNorm;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class MetanetConfigTest {

    private static void refused(String message, Executable making) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, making).getMessage());
    }

    private static NgGnn.Config graph(int hidden, int layers, int frequencies, double scale, int probes) {
        return new NgGnn.Config(hidden, layers, frequencies, scale, true, probes, NodeNorm.Over.NODE, false, 1, 0);
    }

    @Test
    void namesAreThoseOfTheFiles() {
        List<MetanetConfig> all =
                List.of(FlatMlp.Config.DEFAULT, StatNn.Config.DEFAULT, ProbeGen.Config.DEFAULT, NgGnn.Config.DEFAULT);
        assertEquals(
                List.of("mlp", "statnn", "probegen", "ng-gnn"),
                all.stream().map(MetanetConfig::name).toList());
    }

    @Test
    void absurdSizesAreRefusedBeforeAnythingIsAllocated() {
        int absurd = 1_000_000_000;
        refused("mlp: hidden: expected 1 to 16384, got " + absurd, () -> new FlatMlp.Config(absurd, 3, 0));
        refused("mlp: layers: expected 0 to 256, got 2147483647", () -> new FlatMlp.Config(8, Integer.MAX_VALUE, 0));
        refused("mlp: dropout: expected at least 0 and below 1, got 1.0", () -> new FlatMlp.Config(8, 1, 1));
        refused("statnn: hidden: expected 1 to 16384, got 0", () -> new StatNn.Config(0, 3, 0));
        refused("statnn: layers: expected 0 to 256, got -1", () -> new StatNn.Config(8, -1, 0));
        refused("statnn: dropout: expected at least 0 and below 1, got NaN", () -> new StatNn.Config(8, 1, Double.NaN));
        refused("probegen: probes: expected 1 to 16384, got 0", () -> new ProbeGen.Config(0, 1, 1, 1, 0));
        refused("probegen: code: expected 1 to 16384, got " + absurd, () -> new ProbeGen.Config(1, absurd, 1, 1, 0));
        refused("probegen: hidden: expected 1 to 16384, got -1", () -> new ProbeGen.Config(1, 1, -1, 1, 0));
        refused("probegen: layers: expected 0 to 256, got 257", () -> new ProbeGen.Config(1, 1, 1, 257, 0));
        refused(
                "probegen: dropout: expected at least 0 and below 1, got -0.1",
                () -> new ProbeGen.Config(1, 1, 1, 1, -0.1));
        refused("ng-gnn: hidden: expected 1 to 16384, got " + absurd, () -> graph(absurd, 1, 0, 1, 0));
        refused("ng-gnn: layers: expected 1 to 256, got 0", () -> graph(1, 0, 0, 1, 0));
        refused("ng-gnn: frequencies: expected 0 to 16384, got -1", () -> graph(1, 1, -1, 1, 0));
        refused("ng-gnn: frequencyScale: expected a positive number, got 0.0", () -> graph(1, 1, 1, 0, 0));
        refused(
                "ng-gnn: gain: expected a positive number, got Infinity",
                () -> new NgGnn.Config(1, 1, 1, 1, true, 0, NodeNorm.Over.NODE, false, Double.POSITIVE_INFINITY, 0));
        refused("ng-gnn: probes: expected 0 to 16384, got 20000", () -> graph(1, 1, 1, 1, 20_000));
    }
}
