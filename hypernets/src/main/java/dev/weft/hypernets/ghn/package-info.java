/**
 * Graph hypernetworks: networks that read another network's computation graph and write its parameters (Zhang et al. 2019,
 * "Graph hypernetworks for neural architecture search", GHN-1; Knyazev et al. 2021, "Parameter prediction for unseen deep
 * architectures", GHN-2; Knyazev et al. 2023, "Can we scale transformers to predict parameters of diverse ImageNet models?",
 * GHN-3).
 *
 * <p>Letters: n nodes, d hidden width, M channels and S side of the decoder's kernels, K classes.
 */
@NullMarked
package dev.weft.hypernets.ghn;

import org.jspecify.annotations.NullMarked;
