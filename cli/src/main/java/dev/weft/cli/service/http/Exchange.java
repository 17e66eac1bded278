package dev.weft.cli.service.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.checkpoints.format.recognise.Hints;
import dev.weft.cli.report.Json;
import dev.weft.cli.service.ClientJson;
import dev.weft.cli.service.PredictionService;
import dev.weft.cli.service.States;
import dev.weft.cli.service.TensorAnswer;
import dev.weft.cli.service.model.Lease;
import dev.weft.cli.service.model.Operation;
import dev.weft.cli.service.problem.Deadline;
import dev.weft.cli.service.problem.Problem;
import dev.weft.cli.service.tensor.TensorForm;
import dev.weft.cli.service.upload.Upload;
import dev.weft.metanets.nowcast.Trajectory;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** One request and its answer, which is written at once so that nothing is left to be done when the handler returns. */
final class Exchange {

    private static final String STATE = "state";

    private final PredictionService service;
    private final Metrics metrics;
    private final Context context;
    private final Deadline deadline;

    Exchange(PredictionService service, Metrics metrics, Context context) {
        this.service = service;
        this.metrics = metrics;
        this.context = context;
        this.deadline = Deadline.after(service.limits().time());
    }

    PredictionService service() {
        return service;
    }

    Metrics metrics() {
        return metrics;
    }

    Deadline deadline() {
        return deadline;
    }

    /** Holds the model that the path names, if it does what the path asks for. */
    Lease lease(Operation operation) {
        return service.registry().lease(modelName(), operation);
    }

    String modelName() {
        return context.pathParam("name");
    }

    /** Sets a header of the answer. */
    void header(String name, String value) {
        context.header(name, value);
    }

    /** Returns a whole number behind the path's question mark. */
    int integer(String name, int otherwise) {
        String text = context.queryParam(name);
        try {
            return text == null ? otherwise : Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw Problem.INVALID_VALUE.because(name + ": expected a whole number, found '" + text + "'", e);
        }
    }

    /** Returns a number behind the path's question mark. */
    double real(String name, double otherwise) {
        String text = context.queryParam(name);
        try {
            return text == null ? otherwise : Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw Problem.INVALID_VALUE.because(name + ": expected a number, found '" + text + "'", e);
        }
    }

    /** Whether something behind the path's question mark is wanted. */
    boolean flag(String name) {
        String text = context.queryParam(name);
        if (text == null || text.equals("false")) {
            return false;
        } else if (text.equals("true") || text.isEmpty()) {
            return true;
        }
        throw Problem.INVALID_VALUE.because(name + ": expected true or false, found '" + text + "'");
    }

    /** Reads what the client knows about the network in an upload. */
    Hints hints() {
        String w0 = context.queryParam("w0");
        String offset = context.queryParam("offset");
        return new Hints(
                null,
                null,
                context.queryParam("as"),
                context.queryParam("activation"),
                null,
                null,
                w0 == null ? null : real("w0", 1),
                offset == null ? null : real("offset", 0));
    }

    /** Chooses one of several forms by the header {@code Accept}, the first if the client does not mind. */
    String choose(String... mediaTypes) {
        return MediaTypes.choose(context.header("Accept"), List.of(mediaTypes));
    }

    /** Chooses the form of tensors. */
    TensorForm chooseForm() {
        String octets = "application/octet-stream"; // what clients say that know no better
        String chosen = choose(TensorForm.SAFETENSORS.mediaType(), TensorForm.ARROW.mediaType(), octets);
        return Arrays.stream(TensorForm.values())
                .filter(form -> form.mediaType().equals(chosen))
                .findFirst()
                .orElse(TensorForm.SAFETENSORS);
    }

    /** Returns the body, bounded in time. */
    InputStream body() throws IOException {
        String encoding = context.header("Content-Encoding");
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw Problem.UNSUPPORTED_TYPE.because("expected a body as it is, found Content-Encoding " + encoding);
        }
        long announced = context.req().getContentLengthLong();
        service.spool().requireFits(announced);
        return new RequestBody(context.req().getInputStream(), announced, deadline);
    }

    /** Takes the body to a temporary file, whatever its type is said to be: formats are told by content. */
    Upload upload() throws IOException {
        return service.spool().receive(body());
    }

    /** Takes the states of a forecast: a form of five files, an Arrow stream, or a checkpoint of stacked tensors. */
    States states() throws IOException {
        String type = MediaTypes.bare(context.contentType());
        if (type.equals(Multipart.MEDIA_TYPE)) {
            return States.ofFiles(parts());
        } else if (type.equals(TensorForm.ARROW.mediaType())) {
            return States.ofArrow(upload(), service.spool());
        }
        return States.ofStack(upload());
    }

    private List<Upload> parts() throws IOException {
        List<Upload> parts = new ArrayList<>();
        try {
            Multipart form = Multipart.of(body(), context.contentType());
            while (form.next()) {
                if (!form.name().equals(STATE) || parts.size() == Trajectory.STATES) {
                    throw Problem.INVALID_VALUE.because(String.format(
                            Locale.ROOT,
                            "expected %d files called '%s', oldest first, found '%s' behind %d of them",
                            Trajectory.STATES,
                            STATE,
                            form.name(),
                            parts.size()));
                }
                parts.add(service.spool().receive(form.content()));
            }
            if (parts.size() != Trajectory.STATES) {
                throw Problem.INVALID_VALUE.because("expected " + Trajectory.STATES + " files called '" + STATE
                        + "', oldest first, found " + parts.size());
            }
            return parts;
        } catch (IOException | RuntimeException e) {
            parts.forEach(Upload::close);
            throw e;
        }
    }

    /** Reads the body as JSON. */
    JsonNode json() throws IOException {
        MediaTypes.require(context.contentType(), List.of(MediaTypes.JSON));
        return ClientJson.parse("body", body().readNBytes(ClientJson.LIMIT + 1));
    }

    /** Answers with JSON. */
    void send(Object value) throws IOException {
        send(MediaTypes.JSON, Json.write(value).getBytes(StandardCharsets.UTF_8));
    }

    /** Answers with bytes. */
    void send(String mediaType, byte[] bytes) throws IOException {
        context.contentType(mediaType);
        context.res().setContentLengthLong(bytes.length);
        try (OutputStream out = context.res().getOutputStream()) {
            out.write(bytes);
        }
    }

    /** Answers with tensors, one by one. */
    void send(TensorAnswer answer, TensorForm form, String fileName) throws IOException {
        TensorForm.Prepared prepared = form.prepare(answer.tensors());
        context.contentType(form.mediaType());
        context.header("Content-Disposition", "attachment; filename=\"" + fileName + "." + form.extension() + "\"");
        prepared.length().ifPresent(length -> context.res().setContentLengthLong(length));
        OutputStream out = context.res().getOutputStream();
        prepared.content().writeTo(new TimedOutput(out, deadline));
        out.close();
    }
}
