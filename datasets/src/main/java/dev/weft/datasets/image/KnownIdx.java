package dev.weft.datasets.image;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A published data set that is recognised by the digest of its file of images. */
record KnownIdx(String name, String source, String version, String licence, String attribution, List<String> classes) {

    private static final List<String> FASHION_CLASSES = List.of(
            "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot");

    private static final Map<String, KnownIdx> BY_DIGEST = Map.of(
            "sha256:b0564c3eedabfbf835052cff8503ea422014ce006caf5b757f851416ee8300c7", fashion("train"),
            "sha256:cc1d090a38ace84dfa1aa66e3ada7c336ef481a96936906477e6dd344da56eaa", fashion("test"));

    static @Nullable KnownIdx of(String digest) {
        return BY_DIGEST.get(digest);
    }

    private static KnownIdx fashion(String part) {
        return new KnownIdx(
                "fashion-mnist-" + part,
                "Fashion-MNIST, " + part + " part",
                "2017-08",
                "MIT",
                "Copyright 2017 Zalando SE; H. Xiao, K. Rasul, R. Vollgraf, arXiv 1708.07747",
                FASHION_CLASSES);
    }
}
