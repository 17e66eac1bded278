/** Networks that write the weights of other networks: nothing here yet, the module keeps its place in the order. */
@NullMarked
package dev.weft.hypernets;

import org.jspecify.annotations.NullMarked;
