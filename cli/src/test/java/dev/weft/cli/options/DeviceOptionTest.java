package dev.weft.cli.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class DeviceOptionTest {

    private static DeviceOption parse(String... args) {
        return CommandLine.populateCommand(new DeviceOption(), args);
    }

    @Test
    void isTheCpuUnlessAskedOtherwise() {
        assertEquals(Device.cpu(), parse().get());
        assertEquals(Device.cpu(), parse("--device", "cpu").get());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "CUDA", "gpu:", "gpu:-1", "gpu0", "cpu:0", "gpu:99999"})
    void otherNamesAreRefused(String name) {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> parse("--device", name).get());
        assertEquals("--device: expected cpu, gpu or gpu:N, found '" + name + "'", e.getMessage());
    }

    @Test
    void aGpuThatIsNotThereIsRefused() {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> parse("--device", "gpu:9999").get());
        assertTrue(e.getMessage().startsWith("--device gpu:9999: the engine sees "), e.getMessage());
    }
}
