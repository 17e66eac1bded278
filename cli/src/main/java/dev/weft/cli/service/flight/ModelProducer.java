package dev.weft.cli.service.flight;

import dev.weft.cli.report.Json;
import dev.weft.cli.service.PredictionService;
import dev.weft.cli.service.model.ModelDescription;
import dev.weft.cli.service.problem.Problem;
import dev.weft.cli.service.tensor.TensorSchema;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.ActionType;
import org.apache.arrow.flight.Criteria;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightEndpoint;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.NoOpFlightProducer;
import org.apache.arrow.flight.Result;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.vector.types.pojo.Schema;

/** What Flight's calls mean here; {@code package-info} has the list. */
final class ModelProducer extends NoOpFlightProducer {

    private static final ActionType MODELS = new ActionType("models", "Describes all models, one in JSON a result.");
    private static final ActionType MODEL =
            new ActionType("model", "Describes the model that the body names, in JSON.");

    private final PredictionService service;
    private final StreamedCalls calls;

    ModelProducer(PredictionService service, StreamedCalls calls) {
        this.service = service;
        this.calls = calls;
    }

    @Override
    public void listFlights(CallContext context, Criteria criteria, StreamListener<FlightInfo> listener) {
        answer(listener, service::models, this::info);
    }

    @Override
    public void listActions(CallContext context, StreamListener<ActionType> listener) {
        answer(listener, () -> List.of(MODELS, MODEL), type -> type);
    }

    @Override
    public void doAction(CallContext context, Action action, StreamListener<Result> listener) {
        answer(listener, () -> described(action), ModelProducer::result);
    }

    private List<ModelDescription> described(Action action) {
        if (action.getType().equals(MODELS.getType())) {
            return service.models();
        } else if (action.getType().equals(MODEL.getType())) {
            return List.of(service.model(new String(action.getBody(), StandardCharsets.UTF_8)));
        }
        throw Problem.UNKNOWN_PATH.because("action: expected models or model, found '" + action.getType() + "'");
    }

    private static Result result(ModelDescription model) {
        return new Result(json(model));
    }

    private static byte[] json(ModelDescription model) {
        return Json.line(model).getBytes(StandardCharsets.UTF_8);
    }

    private <V, T> void answer(StreamListener<T> listener, Supplier<List<V>> values, Function<V, T> form) {
        try {
            values.get().forEach(value -> listener.onNext(form.apply(value)));
        } catch (RuntimeException e) {
            listener.onError(calls.answer(e));
            return;
        }
        listener.onCompleted();
    }

    @Override
    public FlightInfo getFlightInfo(CallContext context, FlightDescriptor descriptor) {
        try {
            return descriptor.isCommand()
                    ? info(descriptor, FlightCommand.parse(descriptor.getCommand()))
                    : info(service.model(String.join(".", descriptor.getPath())));
        } catch (RuntimeException e) {
            throw calls.answer(e);
        }
    }

    private FlightInfo info(ModelDescription model) {
        return FlightInfo.builder(TensorSchema.plain(), FlightDescriptor.path(model.name()), List.of())
                .setAppMetadata(json(model))
                .build();
    }

    private FlightInfo info(FlightDescriptor descriptor, FlightCommand command) {
        service.registry().lease(command.model(), command.operation()).close();
        FlightEndpoint endpoint = new FlightEndpoint(new Ticket(descriptor.getCommand()));
        return FlightInfo.builder(answered(command), descriptor, List.of(endpoint))
                .build();
    }

    /** Returns the form of what doGet answers, if it would. */
    private static Schema answered(FlightCommand command) {
        switch (command.operation()) {
            case PARAMETERS -> {
                command.network();
                return TensorSchema.plain();
            }
            case EMBEDDING -> {
                command.described();
                return EmbeddingTable.SCHEMA;
            }
            default -> throw command.takesTensors();
        }
    }

    @Override
    public void getStream(CallContext context, Ticket ticket, ServerStreamListener listener) {
        calls.get(ticket.getBytes(), listener);
    }

    @Override
    public void doExchange(CallContext context, FlightStream reader, ServerStreamListener writer) {
        calls.exchange(reader, writer);
    }
}
