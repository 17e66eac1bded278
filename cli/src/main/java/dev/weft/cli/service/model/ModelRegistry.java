package dev.weft.cli.service.model;

import dev.weft.cli.service.problem.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models of a folder by name. The folder is looked through now and then; a model whose files changed, and then stood
 * still from one look to the next, is loaded anew and takes its predecessor's place for requests that begin from then on. What
 * cannot be loaded leaves the predecessor in its place.
 */
public final class ModelRegistry implements AutoCloseable {

    public static final Duration INTERVAL_DEFAULT = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(ModelRegistry.class);

    private final Path folder;
    private final ModelLoader loader;
    private final Map<String, ModelVersion> models = new ConcurrentSkipListMap<>();
    private final Map<String, String> seen = new ConcurrentHashMap<>(); // states at the last look
    private final Map<String, String> tried = new ConcurrentHashMap<>(); // states that were loaded or refused
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "weft-models");
        thread.setDaemon(true);
        return thread;
    });

    private ModelRegistry(Path folder, ModelLoader loader) {
        this.folder = folder;
        this.loader = loader;
    }

    /** Loads all models of a folder. */
    public static ModelRegistry open(Path folder, BatchSettings batch) throws IOException {
        ModelRegistry registry = new ModelRegistry(folder, new ModelLoader(batch));
        registry.refresh(true);
        return registry;
    }

    /** Looks for changes in the background until the registry is closed. */
    public void watch(Duration interval) {
        long millis = interval.toMillis();
        watch.scheduleWithFixedDelay(this::refreshQuietly, millis, millis, TimeUnit.MILLISECONDS);
    }

    /** The folder may be away for a moment; what is in memory is served all the same. */
    private void refreshQuietly() {
        try {
            refresh();
        } catch (IOException | RuntimeException | Error e) { // what is thrown here would end the watch
            LOG.atWarn().addKeyValue("reason", String.valueOf(e)).log("cannot look for models");
        }
    }

    /** Looks for changes now. */
    public void refresh() throws IOException {
        refresh(false);
    }

    private synchronized void refresh(boolean first) throws IOException {
        Set<String> names = new HashSet<>();
        for (ModelFiles files : ModelFiles.find(folder)) {
            if (!names.add(files.name())) {
                LOG.atWarn().addKeyValue("model", files.name()).log("two models have this name; one is served");
                continue;
            }
            boolean still = files.state().equals(seen.put(files.name(), files.state()));
            if ((still || first) && !files.state().equals(tried.get(files.name()))) {
                tried.put(files.name(), files.state());
                load(files);
            }
        }
        for (String name : Set.copyOf(seen.keySet())) {
            if (!names.contains(name)) {
                remove(name);
            }
        }
    }

    private void load(ModelFiles files) {
        try {
            Optional<ModelVersion> loaded = loader.load(files);
            if (loaded.isPresent()) {
                ModelVersion before = models.put(files.name(), loaded.get());
                if (before != null) {
                    before.release();
                }
                LOG.atInfo()
                        .addKeyValue("model", files.name())
                        .addKeyValue("kind", loaded.get().model().kind())
                        .addKeyValue("version", loaded.get().version())
                        .log("loaded");
            }
        } catch (IOException | RuntimeException | Error e) { // one hostile file must not end the watch
            LOG.atWarn()
                    .addKeyValue("model", files.name())
                    .addKeyValue("reason", String.valueOf(e.getMessage()))
                    .log("not loaded");
        }
    }

    private void remove(String name) {
        seen.remove(name);
        tried.remove(name);
        ModelVersion gone = models.remove(name);
        if (gone != null) {
            gone.release();
            LOG.atInfo().addKeyValue("model", name).log("removed");
        }
    }

    /** Returns all models, ordered by name. */
    public List<ModelDescription> list() {
        return models.values().stream().map(ModelDescription::of).toList();
    }

    /** Returns how many models there are. */
    public int size() {
        return models.size();
    }

    /**
     * Holds the present version of a model.
     *
     * @throws dev.weft.cli.service.problem.ServiceException if there is no such model
     */
    public Lease lease(String name) {
        while (true) {
            ModelVersion version = models.get(name);
            if (version == null) {
                throw Problem.UNKNOWN_MODEL.because(
                        "expected one of " + new TreeMap<>(models).keySet() + ", found '" + name + "'");
            }
            if (version.hold()) {
                return new Lease(version);
            }
            Thread.onSpinWait(); // it is being replaced at this moment
        }
    }

    /**
     * Holds the present version of a model that does what is asked for.
     *
     * @throws dev.weft.cli.service.problem.ServiceException if there is no such model, or it does something else
     */
    public Lease lease(String name, Operation operation) {
        Lease lease = lease(name);
        try {
            lease.require(operation);
            return lease;
        } catch (RuntimeException e) {
            lease.close();
            throw e;
        }
    }

    @Override
    public void close() {
        watch.shutdownNow();
        for (String name : Set.copyOf(models.keySet())) {
            ModelVersion version = models.remove(name);
            if (version != null) {
                version.release();
            }
        }
    }
}
