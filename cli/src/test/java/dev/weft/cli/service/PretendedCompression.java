package dev.weft.cli.service;

import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.compression.CompressionCodec;
import org.apache.arrow.vector.compression.CompressionUtil.CodecType;

/** Leaves buffers as they are and says that they are compressed. */
public final class PretendedCompression implements CompressionCodec, CompressionCodec.Factory {

    @Override
    public ArrowBuf compress(BufferAllocator allocator, ArrowBuf buffer) {
        return buffer;
    }

    @Override
    public ArrowBuf decompress(BufferAllocator allocator, ArrowBuf buffer) {
        return buffer;
    }

    @Override
    public CodecType getCodecType() {
        return CodecType.LZ4_FRAME;
    }

    @Override
    public CompressionCodec createCodec(CodecType type) {
        return this;
    }

    @Override
    public CompressionCodec createCodec(CodecType type, int level) {
        return this;
    }
}
