package dev.weft.network.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import dev.weft.network.Layer;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class LayerTablesTest {

    @Test
    void everyLayerCanBeRun() {
        Set<String> named = Arrays.stream(
                        Layer.class.getAnnotation(JsonSubTypes.class).value())
                .map(type -> type.value().getName())
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> run =
                Operations.layers().stream().map(Class::getName).collect(Collectors.toCollection(TreeSet::new));
        assertEquals(named, run);
    }
}
