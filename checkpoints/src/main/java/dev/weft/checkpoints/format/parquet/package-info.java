/**
 * Parquet files, written by hand for what zoos need: columns of texts, numbers and lists of floats, all values present, plain
 * encoding, no compression (trained weights do not compress). The format is that of the Apache Parquet specification, version
 * 1 data pages. Parquet's own library is not used because it cannot be loaded without Hadoop's.
 */
@NullMarked
package dev.weft.checkpoints.format.parquet;

import org.jspecify.annotations.NullMarked;
