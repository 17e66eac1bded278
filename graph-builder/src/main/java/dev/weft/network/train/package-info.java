/** What training any network needs besides its data: rows to start from, and optimizers that change rows by gradients. */
@NullMarked
package dev.weft.network.train;

import org.jspecify.annotations.NullMarked;
