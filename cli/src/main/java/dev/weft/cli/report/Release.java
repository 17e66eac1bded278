package dev.weft.cli.report;

/** Which Weft this is. */
public final class Release {

    private Release() {}

    /** Returns the version that Maven wrote into the manifest. */
    public static String version() {
        String version = Release.class.getPackage().getImplementationVersion();
        return version == null ? "(not packaged)" : version;
    }
}
