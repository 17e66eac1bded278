package dev.weft.checkpoints.format.onnx;

import static dev.weft.checkpoints.format.onnx.ProtoReader.delimited;

import java.io.IOException;
import java.util.Map;

/** Reads StringStringEntryProto. */
final class KeyValue {

    private static final int KEY = 1;
    private static final int VALUE = 2;

    private KeyValue() {}

    /** Puts the pair that a field holds. */
    static void read(ProtoReader proto, Map<String, String> target) throws IOException {
        String[] pair = {"", ""};
        proto.message(tag -> {
            if (tag == delimited(KEY)) {
                pair[0] = proto.text();
            } else if (tag == delimited(VALUE)) {
                pair[1] = proto.text();
            } else {
                return false;
            }
            return true;
        });
        target.put(proto.counted(pair[0]), pair[1]);
    }
}
