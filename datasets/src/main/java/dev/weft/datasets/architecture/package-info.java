/** Architectures to train hypernetworks on, drawn as DeepNets-1M draws them, and the images that they are run on. */
@NullMarked
package dev.weft.datasets.architecture;

import org.jspecify.annotations.NullMarked;
