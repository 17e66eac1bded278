package dev.weft.symmetry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.network.Architecture;
import dev.weft.network.Attention;
import dev.weft.network.Convolution;
import dev.weft.network.Input;
import dev.weft.network.Junction;
import dev.weft.network.Layer;
import dev.weft.network.NeuronBlock;
import dev.weft.network.NeuronBlock.Role;
import dev.weft.network.NeuronBlock.Structure;
import dev.weft.network.Norm;
import dev.weft.network.Pooling;
import dev.weft.network.Reshaping;
import dev.weft.network.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which blocks layers make, and which permutations those admit. */
class BlockStructureTest {

    private static NeuronBlock block(Architecture architecture, String name) {
        return architecture.blocks().stream()
                .filter(block -> block.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " in " + architecture.blocks()));
    }

    private static Architecture attention(int heads, int keyHeads, Layer... turns) {
        Architecture.Builder builder = Architecture.builder("x", new Input.Sequence(4, 6))
                .add("q", new Layer.Linear(6, heads * 4, false), "input")
                .add("k", new Layer.Linear(6, keyHeads * 4, false), "input")
                .add("v", new Layer.Linear(6, keyHeads * 3, false), "input");
        String q = "q";
        String k = "k";
        for (Layer turn : turns) {
            builder.add(q + "t", turn, q).add(k + "t", turn, k);
            q += "t";
            k += "t";
        }
        return builder.add("a", new Attention.Heads(heads, keyHeads, false), q, k, "v")
                .add("o", new Layer.Linear(heads * 3, 2, false))
                .build();
    }

    /** Q and K are one block within the heads, V another. */
    @Test
    void headsMoveAsWholesAndTheirCoordinatesWithinThem() {
        Architecture architecture = attention(2, 2);
        NeuronBlock heads = block(architecture, "a.heads");
        NeuronBlock keys = block(architecture, "q");
        assertEquals(keys, architecture.blockOf("k"));
        assertEquals(new Structure.Within(heads.index()), keys.structure());
        assertEquals(
                new Structure.Within(heads.index()), block(architecture, "v").structure());
        assertEquals(block(architecture, "v"), architecture.blockOf("a"));
        SymmetryGroup group = new SymmetryGroup(architecture);
        assertEquals(Math.log10(2), group.size(SymmetryKind.GROUPS).log10(), 1e-12);
        assertEquals(
                Math.log10(24 * 24 * 6 * 6), group.size(SymmetryKind.MEMBERS).log10(), 1e-12);
    }

    /** One matrix for queries, keys and values is cut in three. */
    @Test
    void fusedProjectionsAreCut() {
        Architecture architecture = Architecture.builder("x", new Input.Sequence(4, 6))
                .add("qkv", new Layer.Linear(6, 12, true))
                .add("q", new Reshaping.Slice(0, 4), "qkv")
                .add("k", new Reshaping.Slice(4, 8), "qkv")
                .add("v", new Reshaping.Slice(8, 12), "qkv")
                .add("a", new Attention.Heads(2, 2, true), "q", "k", "v")
                .add("out", new Layer.Linear(4, 2, true))
                .build();
        assertEquals(List.of("input", "qkv[0:4]", "qkv[8:12]", "a.heads", "out"), names(architecture));
        assertEquals(
                List.of(1, 1, 2),
                architecture.parameters().get(0).axes().get(0).segments().stream()
                        .map(segment -> segment.block())
                        .toList());
        verify(architecture);
    }

    /**
     * The residual addition behind the grouped convolution says that its channels are two blocks side by side.
     *
     * <pre>
     *   x - stem - relu - grouped - relu - mix ----- sum - mean - out
     *               |  \---- a, b - concat ---------/
     *               \-------------------------------/
     * </pre>
     */
    @Test
    void groupedConvolutionsKeepTheirShapeWhenTheirChannelsAreCutLater() {
        for (int groups : List.of(4, 2)) {
            Architecture architecture = Architecture.builder("x", new Input.Image(2, 3, 3))
                    .add("stem", Convolution.square(2, 4, 3, 1, 1, true))
                    .add("relu", new Layer.Relu())
                    .add("grouped", Convolution.grouped(4, 4, 3, 1, 1, groups, false))
                    .add("active", new Layer.Relu())
                    .add("mix", Convolution.square(4, 4, 1, 1, 0, true))
                    .add("a", Convolution.square(4, 2, 1, 1, 0, true), "relu")
                    .add("b", Convolution.square(4, 2, 1, 1, 0, true), "relu")
                    .add("both", new Junction.Concat(), "a", "b")
                    .add("sum", new Junction.Add(), "relu", "both", "mix")
                    .add("mean", new Pooling.GlobalAvgPool())
                    .add("out", new Layer.Linear(4, 2, true))
                    .build();
            assertEquals(
                    List.of(4, 4 / groups, 3, 3),
                    architecture.parameters().stream()
                            .filter(tensor -> tensor.name().equals("grouped.weight"))
                            .findFirst()
                            .orElseThrow()
                            .shape());
            verify(architecture);
        }
    }

    /** Four query heads read two key heads: 2! orders of key heads, 2! of the readers of each. */
    @Test
    void queryHeadsFollowTheirKeyHead() {
        Architecture architecture = attention(4, 2);
        NeuronBlock keyHeads = block(architecture, "a.heads");
        NeuronBlock queryHeads = block(architecture, "a.query_heads");
        assertEquals(new Structure.Within(keyHeads.index()), queryHeads.structure());
        assertEquals(
                new Structure.Pairs(queryHeads.index(), block(architecture, "k").index()),
                block(architecture, "q").structure());
        assertEquals(
                new Structure.Pairs(queryHeads.index(), block(architecture, "v").index()),
                architecture.blockOf("a").structure());
        SymmetryGroup group = new SymmetryGroup(architecture);
        assertEquals(Math.log10(2 * 2 * 2), group.size(SymmetryKind.GROUPS).log10(), 1e-12);
        assertEquals(
                Math.log10(24 * 24 * 6 * 6), group.size(SymmetryKind.MEMBERS).log10(), 1e-12);
    }

    /** Frequencies give coordinates an identity: only values may be permuted within heads. */
    @Test
    void rotaryPositionsFixTheCoordinatesOfQueriesAndKeys() {
        Architecture architecture = attention(2, 2, new Attention.Rotary(4, 100, false));
        SymmetryGroup group = new SymmetryGroup(architecture);
        assertEquals(Math.log10(6 * 6), group.size(SymmetryKind.MEMBERS).log10(), 1e-12);
        assertEquals(Math.log10(2), group.size(SymmetryKind.GROUPS).log10(), 1e-12);
    }

    /** The gain of a head norm is shared: all heads have the same order of coordinates. */
    @Test
    void headNormsShareTheOrderOfCoordinates() {
        Architecture architecture = attention(2, 2, new Norm.RmsNorm(4, 1e-6));
        SymmetryGroup group = new SymmetryGroup(architecture);
        assertEquals(Math.log10(24 * 6 * 6), group.size(SymmetryKind.MEMBERS).log10(), 1e-12);
        verify(architecture);
    }

    @Test
    void residualAdditionsNormsAndDepthwiseConvolutionsKeepTheBlock() {
        Architecture architecture = Architecture.builder("x", new Input.Image(1, 6, 6))
                .add("stem", Convolution.square(1, 4, 3, 1, 1, true))
                .add("depth", Convolution.grouped(4, 4, 3, 1, 1, 4, true))
                .add("norm", new Norm.BatchNorm(4, 1e-5, true, true))
                .add("point", Convolution.square(4, 4, 1, 1, 0, true))
                .add("sum", new Junction.Add(), "stem", "point")
                .add("pool", new Pooling.GlobalAvgPool())
                .add("out", new Layer.Linear(4, 2, true))
                .build();
        assertEquals(List.of("input", "stem", "out"), names(architecture));
        verify(architecture);
    }

    /** Columns behind a flattened image: each channel has its positions as inner indices. */
    @Test
    void positionsBehindAFlattenedImageAreNoNeurons() {
        Architecture architecture = Architecture.builder("x", new Input.Image(1, 2, 2))
                .add("conv", Convolution.square(1, 3, 1, 1, 0, false))
                .add("flat", new Reshaping.Flatten())
                .add("out", new Layer.Linear(12, 1, false))
                .build();
        assertEquals(
                4,
                architecture.parameters().get(1).axes().get(1).segments().get(0).inner());
        List<int[]> swap = new ArrayList<>();
        architecture
                .blocks()
                .forEach(block -> swap.add(IntStream.range(0, block.size()).toArray()));
        swap.set(architecture.blockOf("conv").index(), new int[] {1, 0, 2});
        double[] row = IntStream.range(0, 15).asDoubleStream().toArray();
        assertArrayEquals(
                new double[] {1, 0, 2, 7, 8, 9, 10, 3, 4, 5, 6, 11, 12, 13, 14},
                NeuronPermutation.of(architecture, swap).apply(row));
        verify(architecture);
    }

    /** A concatenation is two blocks side by side; adding it to one block cuts that in two. */
    @Test
    void sumsWithConcatenationsCutBlocks() {
        Architecture architecture = Architecture.builder("x", 3)
                .add("a", new Layer.Linear(3, 2, true))
                .add("b", new Layer.Linear(3, 4, true), "input")
                .add("both", new Junction.Concat(), "a", "b")
                .add("c", new Layer.Linear(3, 6, true), "input")
                .add("sum", new Junction.Add(), "both", "c")
                .add("relu", new Layer.Relu())
                .add("out", new Layer.Linear(6, 2, true))
                .build();
        assertEquals(List.of("input", "a", "b", "out"), names(architecture));
        assertEquals(
                Math.log10(2 * 24),
                new SymmetryGroup(architecture).size(SymmetryKind.NEURONS).log10(),
                1e-12);
        verify(architecture);
    }

    /** Channels of one group are permuted together; groups move as wholes. */
    @Test
    void groupedConvolutionsHaveGroups() {
        Architecture architecture = Architecture.builder("x", new Input.Image(1, 5, 5))
                .add("a", Convolution.square(1, 6, 1, 1, 0, true))
                .add("relu", new Layer.Relu())
                .add("b", Convolution.grouped(6, 4, 3, 1, 1, 2, true))
                .add("tanh", new Layer.Tanh())
                .add("pool", new Pooling.GlobalAvgPool())
                .add("out", new Layer.Linear(4, 2, true))
                .build();
        SymmetryGroup group = new SymmetryGroup(architecture);
        assertEquals(Math.log10(2), group.size(SymmetryKind.GROUPS).log10(), 1e-12);
        assertEquals(Math.log10(6 * 6 * 2 * 2), group.size(SymmetryKind.MEMBERS).log10(), 1e-12);
        verify(architecture);
    }

    /** Four groups of a norm over sixteen channels, three groups of a convolution over the same: no common structure. */
    @Test
    void contradictingStructuresFreezeTheirNeurons() {
        Architecture architecture = Architecture.builder("x", new Input.Image(1, 5, 5))
                .add("a", Convolution.square(1, 12, 1, 1, 0, true))
                .add("norm", new Norm.GroupNorm(4, 12, 1e-5, true))
                .add("b", Convolution.grouped(12, 6, 1, 1, 0, 3, true))
                .add("pool", new Pooling.GlobalAvgPool())
                .add("out", new Layer.Linear(6, 2, true))
                .build();
        assertEquals(Role.FIXED, architecture.blockOf("a").role());
        verify(architecture);
    }

    @Test
    void aTornStructureIsRefused() {
        Architecture architecture = attention(2, 2);
        List<int[]> torn = new ArrayList<>();
        architecture
                .blocks()
                .forEach(block -> torn.add(IntStream.range(0, block.size()).toArray()));
        torn.set(block(architecture, "v").index(), new int[] {0, 1, 3, 2, 4, 5});
        assertEquals(
                "block 'v': place 2 of group 0 gets neuron 3 of group 1, expected group 0",
                assertThrows(IllegalArgumentException.class, () -> NeuronPermutation.of(architecture, torn))
                        .getMessage());
    }

    @Test
    void theOutputsOfAResidualStreamHaveAnIdentity() {
        Architecture architecture = Architecture.builder("x", 2)
                .add("a", new Layer.Linear(2, 3, true))
                .add("b", new Layer.Linear(3, 3, true))
                .add("sum", new Junction.Add(), "a", "b")
                .build();
        assertFalse(architecture.blockOf("a").permutable());
        assertEquals(Role.OUTPUT, architecture.outputBlock().role());
    }

    private static List<String> names(Architecture architecture) {
        return architecture.blocks().stream().map(NeuronBlock::name).toList();
    }

    private static void verify(Architecture architecture) {
        double[] row = RandomParameters.row(architecture, new Seed(5));
        SymmetryVerifier.Report report =
                SymmetryVerifier.verify(architecture, row, new Seed(6), SymmetryVerifier.Settings.DEFAULT);
        assertTrue(report.passed(), () -> architecture + "\n" + report);
    }
}
