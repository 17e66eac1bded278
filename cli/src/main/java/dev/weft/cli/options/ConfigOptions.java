package dev.weft.cli.options;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --config FILE} and {@code --set KEY=VALUE}, laid over a record of defaults. */
public final class ConfigOptions {

    @Option(names = "--config", paramLabel = "FILE", description = "Settings in YAML or JSON.")
    private @Nullable Path file;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "One setting, over those of --config; may be repeated. Nested keys are written a.b.")
    private final List<String> sets = new ArrayList<>();

    /**
     * Returns the settings by precedence: flag, {@code --set}, {@code --config}, default.
     *
     * @param defaults a record; its components are the keys, nested records are written {@code a.b}
     * @param flags values that were given by options of their own, by key; leave out those not given
     * @throws IllegalArgumentException if a key is unknown, a value has the wrong type, or the record refuses it
     */
    public <T extends Record> T bind(T defaults, Map<String, ?> flags) throws IOException {
        ConfigBinder<T> binder = ConfigBinder.of(defaults);
        if (file != null) {
            binder.overlay(file);
        }
        sets.forEach(binder::set);
        flags.forEach(binder::put);
        return binder.bind();
    }
}
