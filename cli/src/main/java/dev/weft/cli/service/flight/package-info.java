/**
 * The service over Arrow Flight, for clients that have Arrow and nothing of ours, {@code pyarrow} for example.
 *
 * <p>A command is JSON, {@code {"model": NAME, "operation": WORD, ...}}; tensors are rows of a table {@code name: utf8, shape:
 * list<int64>, values: list<float32>}, row-major, in both directions ({@link dev.weft.cli.service.tensor.TensorSchema}). Record
 * batches may have any number of rows; the service sends one tensor a batch.
 *
 * <ul>
 *   <li>{@code listFlights}: a flight for each model; its path is the model's name, its metadata the description as JSON.
 *   <li>{@code getFlightInfo} of a path: the same for one model. Of a command that doGet answers: a flight with
 *       one endpoint, whose ticket is the command.
 *   <li>{@code doGet} of a ticket {@code {"model": ..., "operation": "parameters", "family": "resnet18"}}, or with {@code
 *       architecture}, {@code new_classes} and {@code seed} as over HTTP: the parameters. With operation {@code embedding} and
 *       {@code family} or {@code architecture} alone: a table {@code value: float64}, a row for each of its numbers.
 *   <li>{@code doExchange} with {@code {"model": ..., "operation": "nowcast", "horizon": 5, "update_scale": 1}}: the client
 *       sends the tensors of five states, oldest first, and is done writing; the forecast comes back. The nth row with a name
 *       is that tensor in the nth state.
 *   <li>{@code doExchange} with {@code {"model": ..., "operation": "classify"}}: the client sends a network's tensors; a table
 *       {@code class: utf8, probability: float64} comes back, the likeliest class first.
 *   <li>Actions {@code models} and {@code model} (its body is a name): descriptions as JSON, a result a model.
 * </ul>
 *
 * <p>A key is sent as the header {@code authorization: Bearer KEY} with every call. A refused call has a Flight status ({@link
 * dev.weft.cli.service.flight.Statuses}), a message, and the headers {@code weft-problem} with the problem's word, as in the
 * type of HTTP's answers, and {@code x-request-id}.
 *
 * <p>Arrow's own server is not used, only its binding to gRPC: {@link dev.weft.cli.service.flight.Guard} has to see messages
 * before Arrow allocates what they claim to bring.
 */
@NullMarked
package dev.weft.cli.service.flight;

import org.jspecify.annotations.NullMarked;
