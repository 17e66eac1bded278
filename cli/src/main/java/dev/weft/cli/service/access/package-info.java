/** Who may ask: API keys, of which only digests are kept, and how often each. */
@NullMarked
package dev.weft.cli.service.access;

import org.jspecify.annotations.NullMarked;
