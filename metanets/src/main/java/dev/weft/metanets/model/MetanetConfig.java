package dev.weft.metanets.model;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.weft.network.Architecture;
import dev.weft.network.Seed;

/**
 * Sizes and switches of a metanet, as they stand in a run's {@code config.json} under {@code "model"}.
 *
 * <p>To add a model: 1. one file with the {@link Metanet} and its {@code Config} record, with a constant {@code DEFAULT};
 * 2. its name here; 3. a test that extends {@code EquivarianceContract}.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "name")
@JsonSubTypes({
    @JsonSubTypes.Type(value = FlatMlp.Config.class, name = "mlp"),
    @JsonSubTypes.Type(value = StatNn.Config.class, name = "statnn"),
    @JsonSubTypes.Type(value = ProbeGen.Config.class, name = "probegen"),
    @JsonSubTypes.Type(value = NgGnn.Config.class, name = "ng-gnn"),
})
public sealed interface MetanetConfig permits FlatMlp.Config, StatNn.Config, ProbeGen.Config, NgGnn.Config {

    /** Returns the model's name, as in {@code config.json}. */
    default String name() {
        for (JsonSubTypes.Type type :
                MetanetConfig.class.getAnnotation(JsonSubTypes.class).value()) {
            if (type.value() == getClass()) {
                return type.name();
            }
        }
        throw new IllegalStateException(getClass() + " has no name");
    }

    /**
     * Makes the metanet; its values are drawn when it is initialised.
     *
     * @param architecture of the rows that it will read
     * @param normalization measured on training rows only
     * @param outputs values for each row, for example the number of classes
     * @param seed of the initial values
     */
    Metanet build(Architecture architecture, Normalization normalization, int outputs, Seed seed);
}
