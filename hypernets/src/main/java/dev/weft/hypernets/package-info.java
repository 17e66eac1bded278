/** Networks that write the weights of other networks: of one architecture, for given conditions; of any, see {@code ghn}. */
@NullMarked
package dev.weft.hypernets;

import org.jspecify.annotations.NullMarked;
