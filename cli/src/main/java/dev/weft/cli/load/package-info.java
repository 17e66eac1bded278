/**
 * Load on a service: {@code weft serve} as a second process, clients that ask again and again or come at a rate of their own,
 * and what they were answered.
 */
@NullMarked
package dev.weft.cli.load;

import org.jspecify.annotations.NullMarked;
