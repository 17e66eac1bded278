/**
 * The prediction service, apart from how it is reached: {@link dev.weft.cli.service.PredictionService} does what clients ask
 * for, and {@link dev.weft.cli.service.Admission} says who may. HTTP is in {@code http}.
 */
@NullMarked
package dev.weft.cli.service;

import org.jspecify.annotations.NullMarked;
