/** {@code weft serve}: options, binding, logs and an orderly end of the prediction service. */
@NullMarked
package dev.weft.cli.serve;

import org.jspecify.annotations.NullMarked;
