package dev.weft.cli.service.model;

/** What a model may be asked to do; each is a path below the model's. */
public enum Operation {
    PARAMETERS("parameters", "writes the parameters of an architecture"),
    NOWCAST("nowcast", "forecasts the parameters of a network in training"),
    CLASSIFY("classify", "says what a network shows"),
    ACCURACY("accuracy", "predicts how well a network does"),
    EMBEDDING("embedding", "turns a network into a vector");

    private final String word;
    private final String meaning;

    Operation(String word, String meaning) {
        this.word = word;
        this.meaning = meaning;
    }

    public String word() {
        return word;
    }

    /** Returns what such a model does, for people. */
    public String meaning() {
        return meaning;
    }
}
