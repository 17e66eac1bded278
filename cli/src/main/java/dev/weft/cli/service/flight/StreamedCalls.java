package dev.weft.cli.service.flight;

import dev.weft.cli.model.ClassAnswer;
import dev.weft.cli.service.Admission;
import dev.weft.cli.service.PredictionService;
import dev.weft.cli.service.States;
import dev.weft.cli.service.TensorAnswer;
import dev.weft.cli.service.model.Lease;
import dev.weft.cli.service.problem.Deadline;
import dev.weft.cli.service.problem.Problem;
import dev.weft.cli.service.problem.ServiceException;
import dev.weft.cli.service.tensor.SpooledTensors;
import dev.weft.cli.service.tensor.StateReceiver;
import dev.weft.metanets.nowcast.ForecastSettings;
import dev.weft.metanets.nowcast.Trajectory;
import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.flight.FlightProducer.ServerStreamListener;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The calls in which tensors flow, each admitted, timed and ended one way or the other. */
final class StreamedCalls {

    private static final Logger LOG = LoggerFactory.getLogger(StreamedCalls.class);

    private final PredictionService service;
    private final BufferAllocator allocator;
    private final ExecutorService workers;
    private final ScheduledExecutorService clock;

    /**
     * @param allocator of all batches, closed by its owner
     * @param clock wakes calls whose time is up
     */
    StreamedCalls(
            PredictionService service,
            BufferAllocator allocator,
            ExecutorService workers,
            ScheduledExecutorService clock) {
        this.service = service;
        this.allocator = allocator;
        this.workers = workers;
        this.clock = clock;
    }

    @FunctionalInterface
    private interface Body {
        void run(Call call) throws IOException;
    }

    /** Answers a ticket; not in gRPC's thread, which has to tell when the client takes more. */
    void get(byte[] ticket, ServerStreamListener listener) {
        workers.execute(Context.current().wrap(() -> run(listener, call -> get(ticket, call))));
    }

    /** Answers what is sent; Arrow calls this in a worker already. */
    void exchange(FlightStream in, ServerStreamListener out) {
        run(out, call -> exchange(in, call));
    }

    private void run(ServerStreamListener listener, Body body) {
        Call call = new Call(listener, Deadline.after(service.limits().time()));
        Future<?> alarm = clock.schedule(call::timeUp, call.deadline().left(), TimeUnit.NANOSECONDS);
        try {
            try (Admission.Ticket ticket = service.admission().enter()) {
                body.run(call);
            }
            listener.completed();
        } catch (Exception | Error e) { // the client is told, and the thread goes on
            listener.error(answer(call.reason(e)));
        } finally {
            alarm.cancel(false);
            call.leave();
        }
    }

    /** Returns what to answer instead of an exception; defects are logged. */
    StatusRuntimeException answer(Throwable thrown) {
        ServiceException failure = Statuses.failure(service, thrown);
        if (failure.problem() == Problem.INTERNAL) {
            LOG.atError()
                    .addKeyValue("request_id", Guard.ID.get())
                    .setCause(thrown)
                    .log("a request failed");
        }
        return Statuses.of(failure);
    }

    private void get(byte[] ticket, Call call) throws IOException {
        FlightCommand command = FlightCommand.parse(ticket);
        try (Lease lease = service.registry().lease(command.model(), command.operation())) {
            switch (command.operation()) {
                case PARAMETERS -> {
                    try (TensorAnswer answer = service.parameters(lease, command.network(), call.deadline())) {
                        call.send(answer.tensors(), allocator);
                    }
                }
                case EMBEDDING -> {
                    double[] embedding = service.embedding(lease, command.described(), call.deadline());
                    try (VectorSchemaRoot batch = EmbeddingTable.of(embedding, allocator)) {
                        call.send(batch);
                    }
                }
                default -> throw command.takesTensors();
            }
        }
    }

    private void exchange(FlightStream in, Call call) throws IOException {
        FlightCommand command = call.reading(() -> begin(in));
        try (Lease lease = service.registry().lease(command.model(), command.operation())) {
            switch (command.operation()) {
                case NOWCAST -> nowcast(lease, command.forecast(), in, call);
                case CLASSIFY -> {
                    command.requireOnly(Set.of());
                    classify(lease, in, call);
                }
                default ->
                    throw Problem.METHOD_NOT_ALLOWED.because(
                            command.operation().word() + " takes no tensors: use doGet");
            }
        }
    }

    /** Waits for the first batch too: Arrow tells nobody who waits for a descriptor that none will come. */
    private static FlightCommand begin(FlightStream in) {
        if (!next(in)) {
            throw Problem.TRUNCATED_BODY.because("expected tensors, found the end of the stream");
        }
        if (!in.getDescriptor().isCommand()) {
            throw Problem.INVALID_VALUE.because("descriptor: expected a command, found a path");
        }
        return FlightCommand.parse(in.getDescriptor().getCommand());
    }

    private static boolean next(FlightStream in) {
        try {
            return in.next();
        } catch (OutOfMemoryException e) {
            throw e;
        } catch (RuntimeException e) { // whatever Arrow trips over
            throw damaged(e);
        }
    }

    private static ServiceException damaged(RuntimeException cause) {
        return Problem.BAD_CHECKPOINT.because("no sound record batch: " + cause.getMessage(), cause);
    }

    private List<SpooledTensors> receive(FlightStream in, int states) throws IOException {
        try (StateReceiver receiver = new StateReceiver(service.spool(), states)) {
            do {
                receiver.add(in.getRoot());
            } while (next(in));
            return receiver.finish();
        } catch (IndexOutOfBoundsException e) { // an offset in a batch
            throw damaged(e);
        }
    }

    private void nowcast(Lease lease, ForecastSettings settings, FlightStream in, Call call) throws IOException {
        try (States states = States.ofTensors(call.reading(() -> receive(in, Trajectory.STATES)));
                TensorAnswer answer = service.nowcast(lease, states, settings, call.deadline())) {
            call.send(answer.tensors(), allocator);
        }
    }

    private void classify(Lease lease, FlightStream in, Call call) throws IOException {
        try (SpooledTensors network = call.reading(() -> receive(in, 1)).get(0)) {
            ClassAnswer answer = service.classify(lease, network, call.deadline());
            try (VectorSchemaRoot batch = ClassTable.of(answer, allocator)) {
                call.send(batch);
            }
        }
    }
}
