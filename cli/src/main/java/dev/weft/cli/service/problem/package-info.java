/** What the service answers when it cannot do what was asked: one table for HTTP, Arrow Flight and the command line. */
@NullMarked
package dev.weft.cli.service.problem;

import org.jspecify.annotations.NullMarked;
