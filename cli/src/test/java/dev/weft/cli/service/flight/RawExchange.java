package dev.weft.cli.service.flight;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.flight.impl.FlightServiceGrpc;

/** Calls with messages of any bytes, such as no Flight client would send. */
final class RawExchange implements AutoCloseable {

    private final ManagedChannel channel;
    private final CallOptions options;

    /** Sends bytes as they are. */
    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    RawExchange(int port) {
        this(port, "identity");
    }

    /** @param compression of the messages that are sent */
    RawExchange(int port, String compression) {
        channel =
                NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
        options = CallOptions.DEFAULT.withCompression(compression);
    }

    /** Begins {@code DoExchange} without sending anything and without asking for an answer. */
    ClientCall<byte[], byte[]> begin(CompletableFuture<Status> end) {
        return begin(FlightServiceGrpc.getDoExchangeMethod(), new Metadata(), end);
    }

    private ClientCall<byte[], byte[]> begin(
            MethodDescriptor<?, ?> like, Metadata headers, CompletableFuture<Status> end) {
        MethodDescriptor<byte[], byte[]> method = MethodDescriptor.<byte[], byte[]>newBuilder()
                .setType(like.getType())
                .setFullMethodName(like.getFullMethodName())
                .setRequestMarshaller(new Bytes())
                .setResponseMarshaller(new Bytes())
                .build();
        ClientCall<byte[], byte[]> call = channel.newCall(method, options);
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        end.complete(status);
                    }
                },
                headers);
        return call;
    }

    /** Makes a call with an empty message; returns how it ends. */
    Status call(MethodDescriptor<?, ?> method, Metadata headers) throws Exception {
        CompletableFuture<Status> end = new CompletableFuture<>();
        ClientCall<byte[], byte[]> call = begin(method, headers, end);
        call.request(Integer.MAX_VALUE);
        call.sendMessage(new byte[0]);
        call.halfClose();
        return end.get(60, TimeUnit.SECONDS);
    }

    /** Sends messages and nothing more, without ending the stream; returns how the call ends all the same. */
    Status send(byte[]... messages) throws Exception {
        CompletableFuture<Status> end = new CompletableFuture<>();
        ClientCall<byte[], byte[]> call = begin(end);
        call.request(1);
        for (byte[] message : messages) {
            call.sendMessage(message);
        }
        return end.get(60, TimeUnit.SECONDS);
    }

    /** Sends messages with pauses until the call ends. */
    Status dribble(Duration pause, List<byte[]> messages) throws Exception {
        CompletableFuture<Status> end = new CompletableFuture<>();
        ClientCall<byte[], byte[]> call = begin(end);
        call.request(1);
        for (int i = 0; i < messages.size() && !end.isDone(); i++) {
            call.sendMessage(messages.get(i));
            Thread.sleep(pause.toMillis());
        }
        return end.get(60, TimeUnit.SECONDS);
    }

    /** Returns a protobuf field with a length, true or not, and its content. */
    static byte[] field(int number, long length, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        varint(out, number << 3 | 2);
        varint(out, length);
        out.writeBytes(content);
        return out.toByteArray();
    }

    static byte[] field(int number, byte[] content) {
        return field(number, content.length, content);
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static void varint(ByteArrayOutputStream out, long value) {
        long rest = value;
        while (rest > 127) {
            out.write((int) (rest & 127 | 128));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    @Override
    public void close() throws InterruptedException {
        channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    }
}
