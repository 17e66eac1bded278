package dev.weft.checkpoints.format.torch;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.checkpoints.format.FormatFixtures;
import dev.weft.checkpoints.format.TensorFile;
import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.UnaryOperator;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives and pickles that are made to do harm are refused, and the message says what they tried. */
class MaliciousArchiveTest {

    private static final String PROTOCOL = "\u0080\u0002";

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void nameFile() {
        file = folder.resolve("x.pt");
    }

    private void assertRefused(String... parts) {
        FormatException e = assertTimeoutPreemptively(
                Duration.ofSeconds(20), () -> assertThrows(FormatException.class, () -> TensorFile.open(file)));
        assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
        for (String part : parts) {
            assertTrue(e.getMessage().contains(part), e.getMessage());
        }
    }

    private void assertPickleRefused(String pickle, String... parts) throws IOException {
        new TorchArchive().pickle(pickle).write(file);
        assertRefused(parts);
    }

    @ParameterizedTest
    @CsvSource({
        "os, system",
        "posix, system",
        "nt, system",
        "builtins, eval",
        "__builtin__, exec",
        "builtins, getattr",
        "subprocess, Popen",
        "torch, load",
        "torch._utils, _rebuild_qtensor",
        "runpy, run_path",
        "collections, namedtuple"
    })
    void namesOutsideTheListAreRefusedByName(String module, String name) throws IOException {
        String call = "c" + module + "\n" + name + "\nX\u0004\0\0\0true\u0085R.";
        assertPickleRefused(
                PROTOCOL + call, "a/data.pkl", "at byte 2", "'" + module + "." + name + "'", "never runs code");
        String stackGlobal =
                "\u008c" + (char) module.length() + module + "\u008c" + (char) name.length() + name + "\u0093.";
        assertPickleRefused("\u0080\u0004" + stackGlobal, "'" + module + "." + name + "'");
    }

    /** The name may hide behind an attribute path or an allowed module. */
    @ParameterizedTest
    @ValueSource(strings = {"collections\nOrderedDict.__class__", "torch\nload.__globals__", "torch\nFloatStorage.x"})
    void namesAreTakenWhole(String global) throws IOException {
        assertPickleRefused(PROTOCOL + "c" + global + "\n.", "'" + global.replace('\n', '.') + "'");
    }

    @Test
    void objectsAreNotMade() throws IOException {
        String ordered = "ccollections\nOrderedDict\n";
        assertPickleRefused(PROTOCOL + ordered + ")\u0081.", "makes an object of a class (collections.OrderedDict)");
        assertPickleRefused(PROTOCOL + "(ios\nsystem\n.", "makes an object of a class");
        assertPickleRefused(PROTOCOL + "]}b.", "sets attributes of a list");
        assertPickleRefused(PROTOCOL + "\u0082\u0001.", "opcode 0x82");
        assertPickleRefused(PROTOCOL + "X\u0001\0\0\0aX\u0001\0\0\0b\u0085R.", "calls 'a' with a tuple");
        assertPickleRefused(PROTOCOL + "ctorch\nfloat32\n)R.", "calls 'torch.float32', which is no function");
    }

    /** Ten lists that each hold the one before ten times: a hundred bytes that stand for ten thousand million values. */
    @Test
    void listsOfListsThatShareEachOtherAreBounded() throws IOException {
        StringBuilder list = new StringBuilder(PROTOCOL).append("]q\0K\u0001a");
        StringBuilder dict = new StringBuilder(PROTOCOL).append("}X\u0001\0\0\0aK\u0001sq\0");
        for (int i = 0; i < 10; i++) {
            list.append("0](").append(("h" + (char) i).repeat(10)).append("eq").append((char) (i + 1));
            dict.append("0}(");
            for (char c = 'a'; c < 'k'; c++) {
                dict.append("X\u0001\0\0\0").append(c).append('h').append((char) i);
            }
            dict.append("uq").append((char) (i + 1));
        }
        assertPickleRefused(list + ".", "share each other");
        assertPickleRefused(dict + ".", "share each other");
    }

    @Test
    void containersThatContainThemselvesAreRefused() throws IOException {
        assertPickleRefused(PROTOCOL + "]q\0h\0a.", "contain themselves");
        assertPickleRefused(PROTOCOL + "}q\0X\u0001\0\0\0ah\0s.", "contain themselves");
        assertPickleRefused(PROTOCOL + "]q\0}X\u0001\0\0\0ah\0sa.", "contain themselves");
        assertPickleRefused(PROTOCOL + "]".repeat(200) + "a".repeat(199) + ".", "nested deeper than 100");
        assertPickleRefused(
                PROTOCOL + "}X\u0001\0\0\0a".repeat(200) + "Ns".repeat(1) + "s".repeat(199) + ".", "deeper");
    }

    @Test
    void manyContainersInFewBytesAreRefused() throws IOException {
        assertPickleRefused(PROTOCOL + "]".repeat(100_000) + ".", "containers in 100003 bytes");
        assertPickleRefused(PROTOCOL + "(".repeat(1_100_000) + ".", "marks");
        assertPickleRefused(PROTOCOL + "N".repeat(1_100_000) + ".", "values on the stack");
    }

    @ParameterizedTest
    @CsvSource({
        "X, ffffff7f",
        "X, ffffffff",
        "B, ffffffff",
        "T, ffffffff",
        "r, ffffff7f",
        "j, ffffff7f",
        "\u008b, ffffff7f"
    })
    void hugeLengthsAreRefusedBeforeAnythingIsAllocated(String opcode, String length) throws IOException {
        StringBuilder argument = new StringBuilder();
        for (int i = 0; i < length.length(); i += 2) {
            argument.append((char) Integer.parseInt(length.substring(i, i + 2), 16));
        }
        assertPickleRefused(PROTOCOL + "]" + opcode + argument + ".", "the pickle, at byte 3, ");
        String huge = "\u00ff".repeat(7) + "\u007f";
        assertPickleRefused(PROTOCOL + "\u008d" + huge + ".", "9223372036854775807 bytes here, 1 are left");
        assertPickleRefused(PROTOCOL + "\u0096" + "\u00ff".repeat(8) + ".", "18446744073709551615 bytes here");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                PROTOCOL,
                PROTOCOL + "(K\u0001",
                PROTOCOL + ".",
                PROTOCOL + "KK",
                PROTOCOL + "t.",
                PROTOCOL + "(0."
            })
    void unfinishedPicklesAreRefused(String pickle) throws IOException {
        assertPickleRefused(pickle, "a/data.pkl", "the pickle, at byte ");
    }

    private String tensor(String offset, String shape, String strides) {
        return PROTOCOL + "ctorch._utils\n_rebuild_tensor_v2\n((X\u0007\0\0\0storagectorch\nFloatStorage\nX\u0001\0\0\0"
                + "0X\u0003\0\0\0cpuK\u0004tQ" + offset + shape + strides + "\u0089}tR.";
    }

    private void assertTensorRefused(String offset, String shape, String strides, String part) throws IOException {
        new TorchArchive()
                .pickle(tensor(offset, shape, strides))
                .put("a/data/0", new byte[16])
                .write(file);
        assertRefused("tensor 'tensor'", part);
    }

    @Test
    void viewsOutsideTheirStorageAreRefused() throws IOException {
        String two = "K\u0002\u0085";
        String one = "K\u0001\u0085";
        String huge = "J\u00ff\u00ff\u00ff\u007f\u0085";
        assertTensorRefused("K\u0003", two, one, "does not fit the 4 values of 'a/data/0'");
        assertTensorRefused("J\u00ff\u00ff\u00ff\u00ff", two, one, "from value -1");
        assertTensorRefused("K\0", two, huge, "does not fit");
        assertTensorRefused(
                "K\0",
                "(J\u00ff\u00ff\u00ff\u007fJ\u00ff\u00ff\u00ff\u007fJ\u00ff\u00ff\u00ff\u007ft",
                "(K\u0001K\u0001K\u0001t",
                "larger than any file");
        assertTensorRefused("K\0", "J\0\0\0\u0040\u0085", "K\0\u0085", "clone() it before saving");
        assertTensorRefused("K\0", two, "(t", "differ in length");
    }

    @Test
    void storagesMustBeThereAndAsLongAsTheySay() throws IOException {
        String pickle = tensor("K\0", "K\u0002\u0085", "K\u0001\u0085");
        new TorchArchive().pickle(pickle).write(file);
        assertRefused("tensor 'tensor'", "there is no entry 'a/data/0'");
        new TorchArchive().pickle(pickle).put("a/data/0", new byte[12]).write(file);
        assertRefused("expected 4 values of F32 in 'a/data/0', found 12 bytes");
        new TorchArchive()
                .pickle(pickle.replace("X\u0001\0\0\0000X", "X\u0007\0\0\0../../0X"))
                .write(file);
        assertRefused("there is no entry 'a/data/../../0'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../evil", "a/../../evil", "/etc/passwd", "a\\..\\evil", "C:evil", "a/\nx"})
    void namesThatLeadOutsideAreRefused(String name) throws IOException {
        new TorchArchive().pickle(PROTOCOL + "}.").put(name, new byte[1]).write(file);
        assertRefused("entry '" + name + "': expected a relative path without '..'");
    }

    /** A kilobyte that unpacks to a megabyte; and torch never compresses. */
    @Test
    void compressedEntriesAreRefused() throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new java.util.zip.ZipEntry("a/data.pkl"));
            zip.write(new byte[1 << 20]);
        }
        assertTrue(Files.size(file) < 2048);
        assertRefused("entry 'a/data.pkl' is compressed (method 8); torch.save stores entries as they are");
    }

    private void assertChangeRefused(UnaryOperator<ByteBuffer> change, String... parts) throws IOException {
        new TorchArchive()
                .pickle(PROTOCOL + "}.")
                .put("a/data/0", new byte[8])
                .put("a/data/1", new byte[8])
                .write(file);
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        Files.write(file, change.apply(bytes).array());
        assertRefused(parts);
    }

    /** The directory's second and third record are 54 bytes long, one for each of the last two entries. */
    private static int record(ByteBuffer archive, int index) {
        int at = archive.getInt(archive.limit() - 6);
        for (int i = 0; i < index; i++) {
            at += 46 + archive.getShort(at + 28) + archive.getShort(at + 30);
        }
        return at;
    }

    @Test
    void entriesThatRepeatOrOverlapAreRefused() throws IOException {
        assertChangeRefused(bytes -> bytes.put(record(bytes, 2) + 53, (byte) '0'), "'a/data/0': its header at byte");
        assertChangeRefused(
                bytes -> {
                    bytes.put(bytes.getInt(record(bytes, 2) + 42) + 37, (byte) '0');
                    return bytes.put(record(bytes, 2) + 53, (byte) '0');
                },
                "two entries are called 'a/data/0'");
        assertChangeRefused(
                bytes -> bytes.putInt(record(bytes, 1) + 20, 40)
                        .putInt(record(bytes, 1) + 24, 40)
                        .putInt(0, bytes.getInt(0)),
                "entry 'a/data/1' overlaps entry 'a/data/0'");
    }

    @Test
    void directoriesThatLieAreRefused() throws IOException {
        assertChangeRefused(
                bytes -> bytes.putInt(record(bytes, 1) + 20, 1 << 30).putInt(record(bytes, 1) + 24, 1 << 30),
                "entry 'a/data/0' is said to have 1073741824 bytes");
        assertChangeRefused(bytes -> bytes.putInt(record(bytes, 1) + 24, 9), "is stored, but has 9 bytes in 8");
        assertChangeRefused(
                bytes -> bytes.putInt(record(bytes, 1) + 42, 1 << 30), "is said to begin at byte 1073741824");
        assertChangeRefused(bytes -> bytes.putShort(record(bytes, 1) + 8, (short) 1), "is encrypted");
        assertChangeRefused(
                bytes -> bytes.putInt(bytes.limit() - 10, -1), "the zip directory is said to have 3 entries");
        assertChangeRefused(bytes -> bytes.putShort(bytes.limit() - 12, (short) -1), "65535 entries");
        assertChangeRefused(
                bytes -> bytes.putShort(bytes.limit() - 12, (short) 2), "expected 2 entries, found 54 bytes behind");
        assertChangeRefused(bytes -> bytes.putInt(bytes.limit() - 22, 0), "has no end record");
    }

    /** From Python's own tools, by the fixtures' script. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "legacy.pt | bare pickle, as torch.save wrote it before version 1.6; in Python, save it anew with torch.save(",
                "module.pt | names 'torch.nn.modules.container.Sequential', which Weft does not load",
                "script.pt | TorchScript archive, which is a program; in Python, save its weights",
                "quantized.pt | names 'torch._utils._rebuild_qtensor'",
                "sparse.pt | names 'torch._utils._rebuild_sparse_tensor'",
                "complex128.pt | names 'torch.ComplexDoubleStorage'",
                "compressed.pt | is compressed (method 8); torch.save stores entries as they are: load it in Python"
            })
    void whatTorchSavesBesidesStateDictsIsRefusedWithAdvice(String name, String part) {
        Path fixture = FormatFixtures.file(name);
        FormatException e = assertThrows(FormatException.Unsupported.class, () -> TensorFile.open(fixture));
        assertTrue(e.getMessage().contains(part), e.getMessage());
    }

    @Test
    void otherArchivesAreSaidToBeOther() throws IOException {
        new TorchArchive().put("x.npy", new byte[4]).write(file);
        assertRefused("a zip archive without NAME/data.pkl, so not a file of torch.save");
        byte[] tar = new byte[512];
        System.arraycopy("ustar".getBytes(java.nio.charset.StandardCharsets.US_ASCII), 0, tar, 257, 5);
        Files.write(file, tar);
        assertRefused("tar archive, as torch.save wrote it in 2016");
    }

    @Test
    void byteOrdersAreLittleOrBig() throws IOException {
        new TorchArchive()
                .pickle(PROTOCOL + "}.")
                .put("a/byteorder", "middle".getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                .write(file);
        assertRefused("entry 'a/byteorder': expected little or big, found middle");
    }
}
