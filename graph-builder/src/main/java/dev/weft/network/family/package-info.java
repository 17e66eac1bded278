/**
 * Builders of the well-known families of networks, with the tensor names of the libraries that people train them with
 * (torchvision, timm, Hugging Face), so that their files can be read as they are.
 */
@NullMarked
package dev.weft.network.family;

import org.jspecify.annotations.NullMarked;
