package dev.weft.cli.results;

/** What {@code weft results parameter-prediction} does, part by part; those of one hypernetwork need the ones before. */
enum PredictionPart {
    /** Networks of all splits are trained by gradient descent from drawn starts. */
    DRAWN,
    /** Hypernetworks are trained. */
    TRAIN,
    /** They write networks of all splits, which are judged as they are. */
    JUDGE,
    /** Those that the hypernetworks of seed 0 wrote are trained on by gradient descent. */
    DESCEND,
    /** The page is written from what there is. */
    PAGE
}
