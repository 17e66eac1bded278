package dev.weft.checkpoints.format.recognise;

import dev.weft.network.ParameterTensor;

/**
 * Where a tensor of a file belongs.
 *
 * @param tensor its name in the file
 * @param parameter the tensor of the architecture that it holds
 * @param layout how its values lie there
 * @param copy whether another tensor of the file holds the same parameter already (tied weights that were saved twice)
 */
public record Placement(String tensor, ParameterTensor parameter, Layout layout, boolean copy) {}
