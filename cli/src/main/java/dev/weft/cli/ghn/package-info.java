/** Commands about graph hypernetworks: predicting parameters, training, scoring. */
@NullMarked
package dev.weft.cli.ghn;

import org.jspecify.annotations.NullMarked;
