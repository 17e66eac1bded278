package dev.weft.cli.serve;

/** A client of the metanet. */
interface Classifier extends AutoCloseable {

    /** How a request ends; whatever else comes is an assertion that fails. */
    enum Outcome {
        ANSWERED,
        /** Refused, as documented, because the service is stopping. */
        STOPPING,
        /** There is nobody to talk to. */
        GONE
    }

    /** A request of which the first part has been sent. */
    @FunctionalInterface
    interface Begun {
        /** Sends the rest and waits for the whole answer. */
        Outcome finish();
    }

    /** Returns the first letters of what it speaks, for ids. */
    String protocol();

    /** @param id by which the log knows the request */
    Begun begin(String id);

    @Override
    void close();
}
