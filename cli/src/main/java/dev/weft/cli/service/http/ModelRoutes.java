package dev.weft.cli.service.http;

import dev.weft.cli.service.ParameterRequest;
import dev.weft.cli.service.States;
import dev.weft.cli.service.TensorAnswer;
import dev.weft.cli.service.http.Route.Access;
import dev.weft.cli.service.model.Lease;
import dev.weft.cli.service.model.ModelDescription;
import dev.weft.cli.service.model.Operation;
import dev.weft.cli.service.tensor.TensorForm;
import dev.weft.cli.service.upload.Upload;
import dev.weft.metanets.nowcast.ForecastSettings;
import dev.weft.network.Architecture;
import dev.weft.network.family.Families;
import java.io.IOException;
import java.util.List;

/** {@code /v1/models} and what the models do. */
final class ModelRoutes {

    private static final String FAMILIES = "/v1/families";
    private static final String MODELS = "/v1/models";
    private static final String MODEL = MODELS + "/{name}";

    private ModelRoutes() {}

    /** What {@code /v1/models} answers. */
    record Models(List<ModelDescription> models) {}

    /** What {@code /v1/families} answers. */
    record FamilyNames(List<String> families) {}

    /** What {@code /v1/models/{name}/embedding} answers. */
    record Embedding(double[] embedding) {}

    static List<Route> all() {
        return List.of(
                Route.get(FAMILIES, Access.KEY, exchange -> exchange.send(families())),
                Route.get(
                        MODELS,
                        Access.KEY,
                        exchange -> exchange.send(new Models(exchange.service().models()))),
                Route.get(
                        MODEL,
                        Access.KEY,
                        exchange -> exchange.send(exchange.service().model(exchange.modelName()))),
                Route.post(MODEL + "/parameters", ModelRoutes::parameters),
                Route.post(MODEL + "/nowcast", ModelRoutes::nowcast),
                Route.post(MODEL + "/classify", ModelRoutes::classify),
                Route.post(MODEL + "/embedding", ModelRoutes::embedding),
                Route.post(MODEL + "/accuracy", ModelRoutes::refuseAccuracy));
    }

    private static FamilyNames families() {
        return new FamilyNames(
                Families.all().stream().map(Families.Family::name).toList());
    }

    private static void parameters(Exchange exchange) throws IOException {
        TensorForm form = exchange.chooseForm();
        try (Lease lease = exchange.lease(Operation.PARAMETERS);
                TensorAnswer answer = exchange.service()
                        .parameters(lease, ParameterRequest.of(exchange.json()), exchange.deadline())) {
            exchange.send(answer, form, "parameters");
        }
    }

    private static void nowcast(Exchange exchange) throws IOException {
        TensorForm form = exchange.chooseForm();
        ForecastSettings settings = ForecastSettings.horizon(
                        exchange.integer("horizon", ForecastSettings.HORIZON_DEFAULT))
                .withUpdateScale((float) exchange.real("update_scale", 1));
        try (Lease lease = exchange.lease(Operation.NOWCAST);
                States states = exchange.states();
                TensorAnswer answer = exchange.service().nowcast(lease, states, settings, exchange.deadline())) {
            exchange.send(answer, form, "nowcast");
        }
    }

    private static void classify(Exchange exchange) throws IOException {
        try (Lease lease = exchange.lease(Operation.CLASSIFY);
                Upload upload = exchange.upload()) {
            exchange.send(exchange.service().classify(lease, upload, exchange.deadline()));
        }
    }

    private static void embedding(Exchange exchange) throws IOException {
        try (Lease lease = exchange.lease(Operation.EMBEDDING)) {
            Architecture network = ParameterRequest.networkOf(exchange.json());
            exchange.send(new Embedding(exchange.service().embedding(lease, network, exchange.deadline())));
        }
    }

    /** No model of this release does it, and the model's kind is named. */
    private static void refuseAccuracy(Exchange exchange) {
        exchange.lease(Operation.ACCURACY).close();
    }
}
