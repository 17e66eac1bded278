package dev.weft.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.network.Architecture;
import dev.weft.network.Layer;
import dev.weft.network.Mlp;
import dev.weft.network.Seed;
import dev.weft.network.Siren;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class ParameterGraphSvgTest {

    /** W0 [3, 2], b0 [3], W1 [1, 3], b1 [1]; one weight is zero. */
    private static final float[] ROW = {0.1f, -2, 3, 4, -5, 0, -1, 2, 0, 7, 8, 9, -4};

    private static final ParameterGraph TINY = ParameterGraph.of(Siren.of(List.of(2, 3, 1), 30, 0.5));

    private static final int LEGEND_CIRCLES = 12; // eleven biases and "none"
    private static final int LEGEND_PATHS = 10; // five weights of each sign

    @Test
    void drawsACircleForEachNeuronAndALineForEachWeight() throws Exception {
        Document svg = parse(ParameterGraphSvg.of(TINY, ROW));
        assertEquals(6 + LEGEND_CIRCLES, elements(svg, "circle").size());
        assertEquals(8, lines(svg)); // nine weights, one of them zero
        List<String> words =
                elements(svg, "text").stream().map(Element::getTextContent).toList();
        for (String expected : List.of(
                "siren 2-3-1",
                "6 neurons  \u00b7  9 weights  \u00b7  13 parameters",
                "input",
                "seq.0",
                "sin(30x)",
                "x + 0.5",
                "max |w| = 5.00",
                "5 of 6 weights",
                "3 weights")) {
            assertTrue(words.contains(expected), expected + " in " + words);
        }
    }

    @Test
    void signsAndMagnitudesShow() throws Exception {
        Architecture line = Mlp.of(List.of(1, 2), new Layer.Relu(), true);
        List<Element> paths =
                elements(parse(ParameterGraphSvg.of(ParameterGraph.of(line), new float[] {-0.1f, 1, -1, 2})), "path");
        assertEquals("#1f6fb5", paths.get(0).getAttribute("stroke")); // weak and negative first, blue
        assertEquals("#d95f0e", paths.get(1).getAttribute("stroke")); // strong and positive on top, orange
        assertTrue(number(paths.get(0), "stroke-width") < number(paths.get(1), "stroke-width"));
        assertTrue(number(paths.get(0), "stroke-opacity") < number(paths.get(1), "stroke-opacity"));
    }

    @Test
    void biasesFillTheCircles() throws Exception {
        List<Element> circles = elements(parse(ParameterGraphSvg.of(TINY, ROW)), "circle");
        List<String> fills = circles.stream()
                .limit(6)
                .map(circle -> circle.getAttribute("fill"))
                .toList();
        // inputs have none; -1, 2, 0 of 2; the output's own largest
        assertEquals(List.of("#e4e2dc", "#e4e2dc", "#8fb7da", "#d95f0e", "#ffffff", "#1f6fb5"), fills);
    }

    @Test
    void isTheSameEachTime() {
        assertEquals(ParameterGraphSvg.of(TINY, ROW), ParameterGraphSvg.of(TINY, ROW.clone()));
    }

    @Test
    void titlesAreEscaped() throws Exception {
        Document svg = parse(ParameterGraphSvg.of(TINY, ROW, "a < b & \"c\" \u0001 \ud800!"));
        assertEquals(
                "a < b & \"c\" \ufffd \ufffd!", elements(svg, "title").get(0).getTextContent());
    }

    @Test
    void tallBlocksAreAbbreviated() throws Exception {
        Architecture tall = Mlp.of(List.of(2, 4096, 1), new Layer.Relu(), true);
        Document svg = parse(ParameterGraphSvg.of(ParameterGraph.of(tall), random(tall)));
        int dots = 3;
        assertEquals(2 + 48 + dots + 1 + LEGEND_CIRCLES, elements(svg, "circle").size());
        assertEquals(2 * 48 + 48, lines(svg));
        assertTrue(ParameterGraphSvg.of(ParameterGraph.of(tall), random(tall)).contains("96 of 8,192 weights"));
    }

    @Test
    void filesStaySmall() {
        for (Architecture architecture : List.of(
                Mlp.of(List.of(784, 1000, 1000, 10), new Layer.Relu(), true),
                Mlp.of(Collections.nCopies(12, 100), new Layer.Relu(), true),
                Mlp.of(Collections.nCopies(48, 100), new Layer.Relu(), true))) {
            String svg = ParameterGraphSvg.of(ParameterGraph.of(architecture), random(architecture));
            int bytes = svg.getBytes(StandardCharsets.UTF_8).length;
            assertTrue(bytes < 500_000, architecture + ": " + bytes);
        }
    }

    @Test
    void allZeroAndLonelyNetworksCanBeDrawn() throws Exception {
        assertEquals(0, lines(parse(ParameterGraphSvg.of(TINY, new float[13]))));
        Architecture lonely =
                Architecture.builder("x", 1).add("a", new Layer.Relu()).build();
        Document svg = parse(ParameterGraphSvg.of(ParameterGraph.of(lonely), new float[0]));
        assertEquals(1 + LEGEND_CIRCLES, elements(svg, "circle").size());
    }

    @Test
    void refusesWhatItCannotDraw() {
        float[] diverged = ROW.clone();
        diverged[7] = Float.NaN;
        assertMessage("'seq.0.bias': value 1 is NaN, a picture needs finite values", TINY, diverged);
        assertMessage("a row of siren 2-3-1 has 13 values, got 3", TINY, new float[3]);
        Architecture deep = Mlp.of(Collections.nCopies(49, 1), new Layer.Relu(), false);
        assertMessage(
                "a picture has at most 48 blocks, the network has 49; export it as DOT or GraphML",
                ParameterGraph.of(deep),
                new float[48]);
    }

    private static void assertMessage(String expected, ParameterGraph graph, float[] row) {
        assertEquals(
                expected,
                assertThrows(IllegalArgumentException.class, () -> ParameterGraphSvg.of(graph, row))
                        .getMessage());
    }

    private static float[] random(Architecture architecture) {
        RandomGenerator random = new Seed(1).random();
        float[] row = new float[(int) architecture.parameterCount()];
        for (int i = 0; i < row.length; i++) {
            row[i] = (float) random.nextGaussian();
        }
        return row;
    }

    private static Document parse(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }

    private static List<Element> elements(Document document, String tag) {
        NodeList nodes = document.getElementsByTagName(tag);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            elements.add((Element) nodes.item(i));
        }
        return elements;
    }

    /** Counts the lines of weights, several of which share a path. */
    private static long lines(Document svg) {
        List<Element> paths = elements(svg, "path");
        return paths.subList(0, paths.size() - LEGEND_PATHS).stream()
                .mapToLong(path ->
                        path.getAttribute("d").chars().filter(c -> c == 'M').count())
                .sum();
    }

    private static double number(Element element, String attribute) {
        return Double.parseDouble(element.getAttribute(attribute));
    }
}
