package dev.weft.metanets.task;

/**
 * Where a trained model comes from.
 *
 * @param weft release that trained it
 * @param command as it was typed, empty from the library
 * @param dataSet name of the zoo
 * @param dataDigest SHA-256 of the zoo's manifest, which has the digests of its parts
 * @param seed that everything random was derived from
 * @param java version of the JVM
 * @param os name and architecture of the system, and the processors that Java may use
 */
public record Provenance(
        String weft, String command, String dataSet, String dataDigest, long seed, String java, String os) {

    /** Fills in what the running system says of itself. */
    public static Provenance of(String command, String dataSet, String dataDigest, long seed) {
        String release = Provenance.class.getPackage().getImplementationVersion();
        return new Provenance(
                release == null ? "development" : release,
                command,
                dataSet,
                dataDigest,
                seed,
                System.getProperty("java.version"),
                System.getProperty("os.name") + " " + System.getProperty("os.arch") + ", "
                        + Runtime.getRuntime().availableProcessors() + " processors");
    }
}
