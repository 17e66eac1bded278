/**
 * How a command ends: {@link dev.weft.cli.exit.ExitCode}, the one mapper from exceptions to codes and messages
 * ({@link dev.weft.cli.exit.Failures}), and Ctrl-C for jobs that can be resumed ({@link
 * dev.weft.cli.exit.Interruption}).
 */
@NullMarked
package dev.weft.cli.exit;

import org.jspecify.annotations.NullMarked;
