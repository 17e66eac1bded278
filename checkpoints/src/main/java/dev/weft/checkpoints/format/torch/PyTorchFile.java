package dev.weft.checkpoints.format.torch;

import dev.weft.checkpoints.format.ChannelReader;
import dev.weft.checkpoints.format.Dtype;
import dev.weft.checkpoints.format.NamedTensor;
import dev.weft.checkpoints.format.TensorFile;
import dev.weft.checkpoints.format.torch.Pickled.View;
import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file of {@code torch.save}, zip format: a state dict, or containers with tensors anywhere in them. Tensors get dotted
 * names; numbers and texts beside them are kept as metadata. Views that are not contiguous are gathered while they are
 * read. Nothing in the file is run.
 */
public final class PyTorchFile implements TensorFile {

    static final String FORMAT = "pytorch";

    static final String PICKLE = "data.pkl";
    static final String BYTE_ORDER = "byteorder";

    /** What TorchScript archives have besides. */
    private static final String SCRIPT = "constants.pkl";

    /** Where our own writer puts metadata, so that Python sees nothing but the state dict. */
    static final String METADATA = "weft/metadata.json";

    private static final int PICKLE_LIMIT = 64 << 20;
    private static final int SMALL_ENTRY_LIMIT = 16;

    /** All tensors together may be this many times as long as the file, since they may share storages. */
    private static final int SHARING_LIMIT = 16;

    /** A view may repeat values of its storage if it has no more bytes than this. */
    private static final long EXPANSION_LIMIT = 1 << 16;

    private final Path file;
    private final FileChannel channel;
    private final Map<String, ZipEntry> entries;
    private final String root;
    private final ByteOrder order;
    private final Map<String, TorchTensor> tensors = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private @Nullable Gathering gathering;

    private PyTorchFile(Path file, FileChannel channel) throws IOException {
        this.file = file;
        this.channel = channel;
        this.entries = ZipDirectory.read(file, channel);
        this.root = root();
        checkStored();
        this.order = byteOrder();
    }

    /** Opens and checks a file. */
    public static PyTorchFile open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            PyTorchFile opened = new PyTorchFile(file, channel);
            opened.readPickle();
            return opened;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Returns the folder in the archive that all entries are in, with its slash. */
    private String root() throws FormatException {
        for (String name : entries.keySet()) {
            if (name.endsWith("/" + PICKLE) && name.indexOf('/') == name.length() - PICKLE.length() - 1) {
                String folder = name.substring(0, name.length() - PICKLE.length());
                if (entries.containsKey(folder + SCRIPT)) {
                    throw new FormatException.Unsupported(
                            file.toString(),
                            "this is a TorchScript archive, which is a program; in Python, save its weights with"
                                    + " torch.save(torch.jit.load(FILE).state_dict(), \"weights.pt\")");
                }
                return folder;
            }
        }
        throw new FormatException.Unsupported(
                file.toString(), "a zip archive without NAME/" + PICKLE + ", so not a file of torch.save");
    }

    private void checkStored() throws FormatException {
        for (ZipEntry entry : entries.values()) {
            if (entry.method() != 0) {
                throw new FormatException.Unsupported(
                        file.toString(),
                        "entry '" + entry.name() + "' is compressed (method " + entry.method()
                                + "); torch.save stores entries as they are: load it in Python and save it again");
            }
        }
    }

    private ByteOrder byteOrder() throws IOException {
        ZipEntry entry = entries.get(root + BYTE_ORDER);
        if (entry == null) {
            return ByteOrder.LITTLE_ENDIAN;
        }
        String text = entry.size() > SMALL_ENTRY_LIMIT
                ? entry.size() + " bytes"
                : new String(content(entry), StandardCharsets.ISO_8859_1);
        return switch (text) {
            case "little" -> ByteOrder.LITTLE_ENDIAN;
            case "big" -> ByteOrder.BIG_ENDIAN;
            default ->
                throw new FormatException.Corrupt(
                        file.toString(), "entry '" + entry.name() + "': expected little or big, found " + text);
        };
    }

    private byte[] content(ZipEntry entry) throws IOException {
        if (entry.size() > PICKLE_LIMIT) {
            throw new FormatException.Unsupported(
                    file.toString(),
                    "entry '" + entry.name() + "' has " + entry.size() + " bytes; at most " + PICKLE_LIMIT
                            + " are read");
        }
        return ChannelReader.read(file, channel, entry.offset(), (int) entry.size())
                .array();
    }

    private void readPickle() throws IOException {
        ZipEntry entry = Objects.requireNonNull(entries.get(root + PICKLE)); // root() found it
        String where = file + ", " + entry.name();
        byte[] pickle = content(entry);
        Flattening.Flat flat = Flattening.of(where, Unpickler.read(where, pickle), pickle.length);
        long total = 0;
        for (Map.Entry<String, View> each : flat.tensors().entrySet()) {
            TorchTensor tensor = tensor(each.getKey(), each.getValue());
            tensors.put(tensor.name(), tensor);
            total += tensor.byteLength();
        }
        if (total > SHARING_LIMIT * channel.size() + EXPANSION_LIMIT) {
            throw new FormatException.Unsupported(
                    file.toString(),
                    "the tensors share storages and would take " + total + " bytes, the file has " + channel.size());
        }
        metadata.putAll(flat.texts());
        ZipEntry texts = entries.get(root + METADATA);
        if (texts != null) {
            metadata.putAll(MetadataJson.read(file + ", " + texts.name(), content(texts)));
        }
    }

    private TorchTensor tensor(String name, View view) throws FormatException {
        ZipEntry storage = entries.get(root + "data/" + view.storage().key());
        if (storage == null) {
            throw corrupt(
                    name,
                    "there is no entry '" + root + "data/" + view.storage().key() + "'");
        }
        Dtype stored = view.storage().dtype();
        if (storage.size() / stored.bytes() != view.storage().length() || storage.size() % stored.bytes() != 0) {
            throw corrupt(
                    name,
                    "expected " + view.storage().length() + " values of " + stored + " in '" + storage.name()
                            + "', found " + storage.size() + " bytes");
        }
        if (view.shape().size() != view.strides().size()) {
            throw corrupt(name, "shape " + view.shape() + " and strides " + view.strides() + " differ in length");
        }
        TorchTensor tensor = new TorchTensor(name, view, storage);
        try {
            checkInside(tensor, storage.size() / view.dtype().bytes());
        } catch (ArithmeticException e) {
            throw corrupt(name, "shape " + view.shape() + " is larger than any file");
        }
        return tensor;
    }

    private void checkInside(TorchTensor tensor, long stored) throws FormatException {
        View view = tensor.view();
        long last = view.offset();
        for (int axis = 0; axis < view.shape().size(); axis++) {
            long steps = Math.max(0, view.shape().get(axis) - 1);
            last = Math.addExact(last, Math.multiplyExact(steps, view.strides().get(axis)));
        }
        boolean empty = tensor.byteLength() == 0;
        if (view.offset() < 0 || (empty ? view.offset() > stored : last >= stored)) {
            throw corrupt(
                    tensor.name(),
                    "shape " + view.shape() + " with strides " + view.strides() + " from value " + view.offset()
                            + " does not fit the " + stored + " values of '"
                            + tensor.storage().name() + "'");
        }
        if (tensor.byteLength() > Math.max(tensor.storage().size(), EXPANSION_LIMIT)) {
            throw new FormatException.Unsupported(
                    file.toString(),
                    "tensor '" + tensor.name() + "' repeats the " + stored + " values of its storage to shape "
                            + view.shape() + "; clone() it before saving");
        }
    }

    private FormatException corrupt(String tensor, String what) {
        return new FormatException.Corrupt(file.toString(), "tensor '" + tensor + "': " + what);
    }

    @Override
    public Path file() {
        return file;
    }

    @Override
    public String format() {
        return FORMAT;
    }

    /** Returns the tensors in the order of the containers they were saved in. */
    @Override
    public Map<String, ? extends NamedTensor> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    /** Returns numbers and texts of the containers, named like the tensors. */
    @Override
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(metadata);
    }

    /** Contiguous tensors in this platform's order of bytes lie in the file as they are. */
    @Override
    public boolean isMapped(String name) throws IOException {
        TorchTensor tensor = (TorchTensor) tensor(name);
        return tensor.isContiguous() && order == ByteOrder.LITTLE_ENDIAN && tensor.byteLength() <= Integer.MAX_VALUE;
    }

    @Override
    public ByteBuffer bytes(String name) throws IOException {
        if (!isMapped(name)) {
            return TensorFile.super.bytes(name);
        }
        TorchTensor tensor = (TorchTensor) tensor(name);
        return channel.map(FileChannel.MapMode.READ_ONLY, start(tensor), tensor.byteLength())
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    private static long start(TorchTensor tensor) {
        return tensor.storage().offset()
                + tensor.view().offset() * tensor.dtype().bytes();
    }

    @Override
    public void read(String name, long position, ByteBuffer target) throws IOException {
        TorchTensor tensor = (TorchTensor) tensor(name);
        Objects.checkFromIndexSize(position, target.remaining(), tensor.byteLength());
        int from = target.position();
        if (tensor.isContiguous()) {
            ChannelReader.read(file, channel, start(tensor) + position, target);
        } else {
            gathering(tensor).read(position, target);
        }
        if (order == ByteOrder.BIG_ENDIAN) {
            ByteSwap.swap(target, from, tensor.dtype());
        }
    }

    private Gathering gathering(TorchTensor tensor) throws IOException {
        Gathering last = gathering;
        if (last == null || !last.isFor(tensor)) {
            last = new Gathering(channel, tensor);
            gathering = last;
        }
        return last;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
