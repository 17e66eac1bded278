package dev.weft.cli.service.http;

import dev.weft.cli.graph.GraphDescription;
import dev.weft.cli.graph.Subject;
import dev.weft.cli.service.upload.Upload;
import dev.weft.graph.ParameterGraph;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.imageio.ImageIO;

/** {@code /v1/checkpoints}: what can be said about an upload without a model. */
final class CheckpointRoutes {

    private static final String CHECKPOINTS = "/v1/checkpoints";
    private static final String PNG = "image/png";
    private static final int SIDE_DEFAULT = 128;

    private CheckpointRoutes() {}

    static List<Route> all() {
        return List.of(
                Route.post(CHECKPOINTS + "/summary", CheckpointRoutes::summary),
                Route.post(CHECKPOINTS + "/graph", CheckpointRoutes::graph),
                Route.post(CHECKPOINTS + "/picture", CheckpointRoutes::picture));
    }

    private static void summary(Exchange exchange) throws IOException {
        boolean statistics = exchange.flag("statistics");
        try (Upload upload = exchange.upload()) {
            exchange.send(exchange.service().describe(upload, statistics, exchange.hints()));
        }
    }

    private static void graph(Exchange exchange) throws IOException {
        String form = exchange.choose(MediaTypes.SVG, MediaTypes.JSON);
        try (Upload upload = exchange.upload()) {
            Subject network = exchange.service().network(upload, exchange.hints());
            ParameterGraph graph = ParameterGraph.of(network.architecture());
            if (form.equals(MediaTypes.SVG)) {
                Subject titled = network.called(network.architecture().toString());
                exchange.send(form, titled.picture(graph).getBytes(StandardCharsets.UTF_8));
            } else {
                exchange.send(GraphDescription.of(network.title(), graph));
            }
        }
    }

    private static void picture(Exchange exchange) throws IOException {
        int side = exchange.integer("side", SIDE_DEFAULT);
        exchange.choose(PNG);
        try (Upload upload = exchange.upload()) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            ImageIO.write(
                    exchange.service().picture(upload, exchange.hints(), side, exchange.deadline()), "png", bytes);
            exchange.send(PNG, bytes.toByteArray());
        }
    }
}
