/** The models that are served: found in a folder, loaded, leased to requests, replaced when their files change. */
@NullMarked
package dev.weft.cli.service.model;

import org.jspecify.annotations.NullMarked;
