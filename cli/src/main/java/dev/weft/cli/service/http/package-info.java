/**
 * The service over HTTP: routes as plain code in one list, one exception a problem, mapped in one place. {@code openapi.yaml}
 * beside this package describes the same for clients, and a test holds the two together.
 */
@NullMarked
package dev.weft.cli.service.http;

import org.jspecify.annotations.NullMarked;
