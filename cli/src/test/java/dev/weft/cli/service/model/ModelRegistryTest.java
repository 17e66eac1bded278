package dev.weft.cli.service.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.cli.model.ClassAnswer;
import dev.weft.cli.service.SmallModels;
import dev.weft.cli.service.problem.Problem;
import dev.weft.cli.service.problem.ServiceException;
import dev.weft.metanets.task.InrClassification;
import dev.weft.metanets.task.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models come, change and go while they are used. */
class ModelRegistryTest {

    @TempDir
    private Path folder;

    private Path models;

    @BeforeEach
    void writeAModel() throws IOException {
        models = folder.resolve("models");
        SmallModels.metanet(models.resolve("a/net"), InrClassification.NAME, 1);
    }

    private static ClassAnswer ask(Lease lease) {
        return lease.classify(SmallModels.row(5)).join();
    }

    /** Puts another model's values in place of a model's, and tells when. */
    private void replace(long seed, int hour) throws IOException {
        Path other = folder.resolve("other-" + seed);
        SmallModels.metanet(other, InrClassification.NAME, seed);
        Path values = models.resolve("a/net").resolve(RunDirectory.MODEL);
        Files.move(other.resolve(RunDirectory.MODEL), values, StandardCopyOption.REPLACE_EXISTING);
        Files.setLastModifiedTime(values, FileTime.fromMillis(hour * 3_600_000L));
    }

    @Test
    void aRequestKeepsTheVersionItBeganWith() throws IOException {
        try (ModelRegistry registry = ModelRegistry.open(models, BatchSettings.DEFAULT)) {
            try (Lease old = registry.lease("a.net")) {
                ClassAnswer before = ask(old);
                replace(2, 1);
                registry.refresh();
                assertEquals(old.description(), registry.list().get(0), "files that change are left alone");
                registry.refresh();
                try (Lease fresh = registry.lease("a.net")) {
                    assertNotEquals(
                            old.description().version(), fresh.description().version());
                    assertNotEquals(before, ask(fresh));
                }
                assertEquals(before, ask(old));
            }
        }
    }

    @Test
    void whatCannotBeLoadedLeavesThePredecessor() throws IOException {
        try (ModelRegistry registry = ModelRegistry.open(models, BatchSettings.DEFAULT)) {
            ModelDescription before = registry.list().get(0);
            Path values = models.resolve("a/net").resolve(RunDirectory.MODEL);
            byte[] sound = Files.readAllBytes(values);
            Files.write(values, Arrays.copyOf(sound, sound.length / 2));
            registry.refresh();
            registry.refresh();
            assertEquals(List.of(before), registry.list());
            replace(3, 2);
            registry.refresh();
            registry.refresh();
            assertNotEquals(List.of(before), registry.list());
        }
    }

    @Test
    void runsInTrainingAreNotServed() throws IOException {
        Path state = Files.writeString(models.resolve("a/net").resolve(RunDirectory.STATE), "");
        try (ModelRegistry registry = ModelRegistry.open(models, BatchSettings.DEFAULT)) {
            assertEquals(List.of(), registry.list());
            Files.delete(state);
            registry.refresh();
            registry.refresh();
            assertEquals(1, registry.size());
        }
    }

    @Test
    void modelsGoWithTheirFiles() throws IOException {
        try (ModelRegistry registry = ModelRegistry.open(models, BatchSettings.DEFAULT);
                Lease held = registry.lease("a.net")) {
            Files.move(models.resolve("a"), folder.resolve("away"));
            registry.refresh();
            ServiceException gone = assertThrows(ServiceException.class, () -> registry.lease("a.net"));
            assertEquals(Problem.UNKNOWN_MODEL, gone.problem());
            assertTrue(ask(held).probability() > 0);
        }
    }

    @Test
    void whoeverCancelsWhileWaitingForABatchHoldsNobodyUp() throws IOException {
        ClassAnswer alone;
        try (ModelRegistry registry = ModelRegistry.open(models, BatchSettings.DEFAULT);
                Lease lease = registry.lease("a.net")) {
            alone = ask(lease);
        }
        BatchSettings pairs = new BatchSettings(2, Duration.ofHours(1));
        try (ModelRegistry registry = ModelRegistry.open(models, pairs);
                Lease lease = registry.lease("a.net")) {
            CompletableFuture<ClassAnswer> waiting = lease.classify(SmallModels.row(4));
            assertFalse(waiting.isDone());
            assertTrue(waiting.cancel(false));
            assertEquals(alone, ask(lease), "the second one fills the batch");
            assertTrue(waiting.isCancelled());
        }
    }

    @Test
    void tasksWithoutAnOperationAreListedAndSaySo() throws IOException {
        SmallModels.metanet(models.resolve("b"), "another-task", 1);
        try (ModelRegistry registry = ModelRegistry.open(models, BatchSettings.DEFAULT);
                Lease lease = registry.lease("b")) {
            assertEquals(List.of(), lease.description().operations());
            ServiceException refused = assertThrows(ServiceException.class, () -> lease.classify(SmallModels.row(1)));
            assertEquals("'b', a metanet, offers nothing yet, not classify", refused.getMessage());
        }
    }

    @Test
    void theFolderMayBeTheModel() throws IOException {
        try (ModelRegistry registry = ModelRegistry.open(models.resolve("a/net"), BatchSettings.DEFAULT)) {
            assertEquals("net", registry.list().get(0).name());
        }
    }
}
