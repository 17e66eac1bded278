/**
 * {@code weft bench}: what Weft claims about speed and memory, measured beside a plain way of doing the same.
 *
 * <p>To add a benchmark: 1. implement {@link dev.weft.cli.bench.Benchmark}, timing with {@link
 * dev.weft.cli.bench.Turns}; 2. put the sizes of its work into {@link dev.weft.cli.bench.Workload}, so that a test can
 * make it small; 3. name it in {@link dev.weft.cli.bench.BenchCommand}.
 */
@NullMarked
package dev.weft.cli.bench;

import org.jspecify.annotations.NullMarked;
