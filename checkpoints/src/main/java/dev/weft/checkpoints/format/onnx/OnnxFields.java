package dev.weft.checkpoints.format.onnx;

/** The numbers of the fields that more than one class needs. */
final class OnnxFields {

    // ModelProto
    static final int IR_VERSION = 1;
    static final int PRODUCER_NAME = 2;
    static final int GRAPH = 7;
    static final int OPSET_IMPORT = 8;
    static final int MODEL_METADATA = 14;

    // GraphProto
    static final int GRAPH_NAME = 2;
    static final int INITIALIZER = 5;

    // TensorProto
    static final int DIMS = 1;
    static final int DATA_TYPE = 2;
    static final int FLOAT_DATA = 4;
    static final int INT32_DATA = 5;
    static final int STRING_DATA = 6;
    static final int INT64_DATA = 7;
    static final int TENSOR_NAME = 8;
    static final int RAW_DATA = 9;
    static final int DOUBLE_DATA = 10;
    static final int UINT64_DATA = 11;
    static final int EXTERNAL_DATA = 13;
    static final int DATA_LOCATION = 14;

    private OnnxFields() {}
}
