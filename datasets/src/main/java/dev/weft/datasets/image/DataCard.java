package dev.weft.datasets.image;

/**
 * What a person must know before using data.
 *
 * @param source where the data comes from
 * @param version of the data, or {@code unknown}
 * @param digest {@code sha256:} and 64 hexadecimal digits over what was read
 * @param licence SPDX name, or {@code unknown}
 * @param attribution whom to name, empty if nobody is known
 * @param count number of images
 */
public record DataCard(String source, String version, String digest, String licence, String attribution, int count) {

    /** Stands where a file cannot tell. */
    public static final String UNKNOWN = "unknown";
}
