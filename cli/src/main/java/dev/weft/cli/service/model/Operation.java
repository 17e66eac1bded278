package dev.weft.cli.service.model;

/** What a model may be asked to do; each is a path below the model's. */
public enum Operation {
    PARAMETERS("parameters"),
    NOWCAST("nowcast"),
    CLASSIFY("classify"),
    ACCURACY("accuracy"),
    EMBEDDING("embedding");

    private final String word;

    Operation(String word) {
        this.word = word;
    }

    public String word() {
        return word;
    }
}
