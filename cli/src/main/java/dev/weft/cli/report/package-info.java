/** What a person or a program sees of a command: JSON, aligned tables and progress lines. */
@NullMarked
package dev.weft.cli.report;

import org.jspecify.annotations.NullMarked;
