/** What clients send: temporary files of bounded size, opened by the readers that are safe for strangers' files. */
@NullMarked
package dev.weft.cli.service.upload;

import org.jspecify.annotations.NullMarked;
