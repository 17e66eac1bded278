/** Runs architectures on batches of parameter rows with DJL. */
@NullMarked
package dev.weft.network.run;

import org.jspecify.annotations.NullMarked;
