/** Networks that write the weights of other networks. */
@NullMarked
package dev.weft.hypernets;

import org.jspecify.annotations.NullMarked;
