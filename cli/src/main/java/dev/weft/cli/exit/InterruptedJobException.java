package dev.weft.cli.exit;

/** A job was asked to stop, kept what it had done, and can go on later. */
public final class InterruptedJobException extends RuntimeException {

    /** How to go on with a command that has {@code --resume}. */
    public static final String WITH_RESUME = "run the same command with --resume";

    private static final long serialVersionUID = 1;

    /**
     * @param done what was kept, for example {@code 42 of 60 parts are written}
     * @param resume how to go on, for example {@link #WITH_RESUME}
     */
    public InterruptedJobException(String done, String resume) {
        super("interrupted; " + done + "; to go on, " + resume);
    }
}
