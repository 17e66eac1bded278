package dev.weft.network.family;

import dev.weft.network.Architecture;
import dev.weft.network.Input;
import dev.weft.network.Layer;
import dev.weft.network.Mlp;
import dev.weft.network.Siren;
import dev.weft.network.family.VisionTransformer.Naming;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The families by name, each with its published size and a small instance of the same form for checks. */
public final class Families {

    private static final Map<String, Family> ALL = new LinkedHashMap<>();

    /**
     * A family.
     *
     * @param name for the command line
     * @param published makes the best-known size
     * @param small makes one that is checked in milliseconds
     */
    public record Family(String name, Supplier<Architecture> published, Supplier<Architecture> small) {}

    static {
        Input.Image digits = new Input.Image(1, 28, 28);
        Input.Image tiny = new Input.Image(3, 16, 16);
        Input.Tokens text = new Input.Tokens(11, 6);
        add(
                "mlp",
                () -> Mlp.of(List.of(784, 512, 512, 10), new Layer.Relu(), true),
                () -> Mlp.of(List.of(3, 6, 5, 2), new Layer.Relu(), true));
        add("siren", () -> Siren.of(List.of(2, 32, 32, 1), 30, 0), () -> Siren.of(List.of(2, 6, 5, 1), 3, 0.5));
        add(
                "cnn",
                () -> PlainCnn.of(
                        new PlainCnn.Config(digits, List.of(32, 64, 64), 3, 1, 1, true, new Layer.Relu(), 10)),
                () -> PlainCnn.of(
                        new PlainCnn.Config(tiny, List.of(4, 5), 3, 1, 1, true, new Layer.LeakyRelu(0.1), 3)));
        add(
                "small-cnn-zoo",
                () -> PlainCnn.smallCnnZoo(digits, new Layer.Relu(), 10),
                () -> PlainCnn.smallCnnZoo(new Input.Image(1, 17, 17), new Layer.Tanh(), 3));
        add(
                "vgg16",
                () -> Vgg.of(Vgg.vgg16(false)),
                () -> Vgg.of(new Vgg.Config(tiny, List.of(List.of(4), List.of(5, 5)), true, 2, List.of(6, 7), 3)));
        resNet("resnet18", ResNet.resNet18(), tiny);
        resNet("resnet34", ResNet.resNet34(), tiny);
        resNet("resnet50", ResNet.resNet50(), tiny);
        add(
                "vit-b16",
                () -> VisionTransformer.of(VisionTransformer.base16(Naming.TIMM)),
                () -> VisionTransformer.of(new VisionTransformer.Config(tiny, 8, 12, 2, 3, 10, 3, Naming.TORCHVISION)));
        add(
                "gpt2",
                () -> Gpt2.of(Gpt2.small()),
                () -> Gpt2.of(new Gpt2.Config(text, 12, 2, 3, true, true, new Layer.GeluTanh())));
        llama("llama-7b", Llama.llama2With7b(), text, 2, false);
        llama("llama-1b", Llama.tiny1b(), text, 2, true);
        add("bert-base", () -> Bert.of(Bert.base()), () -> Bert.of(new Bert.Config(text, 12, 2, 3, 10, 2)));
        add(
                "gru-encoder-decoder",
                () -> GruEncoderDecoder.of(new GruEncoderDecoder.Config(20, 12, 8, 32, 64)),
                () -> GruEncoderDecoder.of(new GruEncoderDecoder.Config(7, 3, 2, 4, 5)));
    }

    private Families() {}

    private static void resNet(String name, ResNet.Config published, Input.Image input) {
        ResNet.Config small = new ResNet.Config(input, published.bottleneck(), List.of(2, 1), 4, true, 3);
        add(name, () -> ResNet.of(published), () -> ResNet.of(small));
    }

    private static void llama(String name, Llama.Config published, Input.Tokens text, int keys, boolean norms) {
        Llama.Config small = new Llama.Config(text, 8, 2, 4, keys, 4, 10, 100, 1e-5, norms, norms, false);
        add(name, () -> Llama.of(published), () -> Llama.of(small));
    }

    private static void add(String name, Supplier<Architecture> published, Supplier<Architecture> small) {
        ALL.put(name, new Family(name, published, small));
    }

    /** Returns all families in the order of this list. */
    public static List<Family> all() {
        return List.copyOf(ALL.values());
    }

    /**
     * Finds a family.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public static Family named(String name) {
        Family family = ALL.get(name);
        if (family == null) {
            throw new IllegalArgumentException(
                    "no family '" + name + "', expected one of " + String.join(", ", ALL.keySet()));
        }
        return family;
    }
}
