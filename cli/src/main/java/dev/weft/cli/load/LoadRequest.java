package dev.weft.cli.load;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A request that is sent again and again. */
public final class LoadRequest {

    private final byte[] message;

    private LoadRequest(byte[] message) {
        this.message = message;
    }

    /**
     * A request with a body.
     *
     * @param path with what is behind its question mark
     * @param mediaType of the body
     */
    public static LoadRequest post(String path, String mediaType, byte[] body) {
        byte[] head = ("POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: " + mediaType
                        + "\r\nContent-Length: " + body.length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] message = Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, message, head.length, body.length);
        return new LoadRequest(message);
    }

    /** Returns all bytes; not to be changed. */
    byte[] message() {
        return message;
    }
}
