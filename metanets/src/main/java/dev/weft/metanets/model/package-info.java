/** Metanetworks: networks that read rows of parameters. One file a model, all behind {@link dev.weft.metanets.model.Metanet}. */
@NullMarked
package dev.weft.metanets.model;

import org.jspecify.annotations.NullMarked;
