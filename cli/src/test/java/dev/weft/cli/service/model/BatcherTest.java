package dev.weft.cli.service.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Numbers are doubled, and what shared a pass is noted. */
class BatcherTest {

    private final ExecutorService worker = Executors.newSingleThreadExecutor();
    private final List<List<Integer>> passes = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        worker.shutdownNow();
    }

    private Batcher<Integer, Integer> batcher(int size, Duration delay) {
        return new Batcher<>(new BatchSettings(size, delay), worker, inputs -> {
            passes.add(inputs);
            if (inputs.contains(-1)) {
                throw new IllegalArgumentException("a bad one");
            }
            return inputs.stream().map(input -> 2 * input).toList();
        });
    }

    @Test
    void aFullBatchDoesNotWait() {
        Batcher<Integer, Integer> batcher = batcher(4, Duration.ofHours(1));
        List<CompletableFuture<Integer>> answers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            answers.add(batcher.submit(i));
        }
        for (int i = 0; i < 8; i++) {
            assertEquals(2 * i, answers.get(i).join());
        }
        assertEquals(List.of(List.of(0, 1, 2, 3), List.of(4, 5, 6, 7)), passes);
    }

    @Test
    void theFirstOneDoesNotWaitForEver() {
        assertEquals(14, batcher(4, Duration.ofMillis(5)).submit(7).join());
    }

    @Test
    void batchingCanBeTurnedOff() {
        Batcher<Integer, Integer> batcher = batcher(1, Duration.ofHours(1));
        List<CompletableFuture<Integer>> answers = List.of(batcher.submit(1), batcher.submit(2), batcher.submit(3));
        answers.forEach(CompletableFuture::join);
        assertTrue(passes.stream().allMatch(pass -> pass.size() == 1), passes.toString());
    }

    @Test
    void aFailureIsToldToAllAndEndsNothing() {
        Batcher<Integer, Integer> batcher = batcher(2, Duration.ofHours(1));
        Future<Integer> good = batcher.submit(1);
        CompletableFuture<Integer> bad = batcher.submit(-1);
        assertThrows(CompletionException.class, bad::join);
        assertTrue(good.isDone());
        batcher.submit(3);
        assertEquals(8, batcher.submit(4).join());
    }

    @Test
    void whatNobodyWaitsForIsNotComputed() throws Exception {
        Batcher<Integer, Integer> batcher = batcher(3, Duration.ofHours(1));
        batcher.submit(1).cancel(false);
        batcher.submit(2);
        assertEquals(6, batcher.submit(3).join());
        assertEquals(List.of(List.of(2, 3)), passes);
    }
}
