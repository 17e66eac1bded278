package dev.weft.metanets.nowcast;

import org.jspecify.annotations.Nullable;

/**
 * What is to be forecast.
 *
 * <p>The encoding is optional and zeros stand for it otherwise. The Laplacian's eigenvectors that the reference feeds are
 * mostly an arbitrary basis of a degenerate space; with the released weights, zeros change the displacement by 0.04 % (a
 * small GPT-2) to 0.9 % (networks of a few dozen parameters), and make the forecast reproducible and equivariant.
 *
 * @param from the first of the horizons whose forecasts are averaged, usually {@code horizon} itself
 * @param horizon k, in intervals between states; the last of the horizons
 * @param updateScale factor of the predicted displacement
 * @param encoding of the nodes [n, 8], or none
 * @param tileCells edges that are computed at once; bounds the memory
 */
public record ForecastSettings(int from, int horizon, float updateScale, float @Nullable [] encoding, int tileCells) {

    /** In the middle of what the released models do well. */
    public static final int HORIZON_DEFAULT = 5;

    /** Chosen by measurement: edge states of a tile take 2 MB at width 128. */
    public static final int TILE_CELLS_DEFAULT = 4096;

    public ForecastSettings {
        if (horizon < 1) {
            throw new IllegalArgumentException("horizon: expected 1 or more, found " + horizon);
        }
        if (from < 1 || from > horizon) {
            throw new IllegalArgumentException("first horizon: expected 1 to " + horizon + ", found " + from);
        }
        if (!Float.isFinite(updateScale)) {
            throw new IllegalArgumentException("update scale: expected a finite number, found " + updateScale);
        }
        if (tileCells < 1) {
            throw new IllegalArgumentException("tile: expected one edge or more, found " + tileCells);
        }
    }

    /** Returns settings with scale 1 and without an encoding. */
    public static ForecastSettings horizon(int horizon) {
        return meanOf(horizon, horizon);
    }

    /** Returns settings for the mean of the forecasts of horizons {@code from} to {@code to}, at the cost of one. */
    public static ForecastSettings meanOf(int from, int to) {
        return new ForecastSettings(from, to, 1, null, TILE_CELLS_DEFAULT);
    }

    /** Returns how many horizons are averaged. */
    int count() {
        return horizon - from + 1;
    }

    public ForecastSettings withUpdateScale(float scale) {
        return new ForecastSettings(from, horizon, scale, encoding, tileCells);
    }

    public ForecastSettings withHorizon(int other) {
        return new ForecastSettings(other, other, updateScale, encoding, tileCells);
    }

    public ForecastSettings withEncoding(float @Nullable [] other) {
        return new ForecastSettings(from, horizon, updateScale, other, tileCells);
    }

    public ForecastSettings withTileCells(int cells) {
        return new ForecastSettings(from, horizon, updateScale, encoding, cells);
    }

    void requireHorizonUpTo(int horizons) {
        if (horizon > horizons) {
            throw new IllegalArgumentException("horizon: expected 1 to " + horizons + ", found " + horizon);
        }
    }
}
