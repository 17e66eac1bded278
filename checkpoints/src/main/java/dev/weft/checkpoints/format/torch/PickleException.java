package dev.weft.checkpoints.format.torch;

/** Why a pickle is refused; {@link Unpickler} adds file and position. */
final class PickleException extends Exception {

    private static final long serialVersionUID = 1;

    /** Whether the pickle is sound as far as one can tell, but of a kind that is not read. */
    final boolean unsupported;

    PickleException(String message) {
        this(message, false);
    }

    PickleException(String message, boolean unsupported) {
        super(message, null, false, false);
        this.unsupported = unsupported;
    }
}
