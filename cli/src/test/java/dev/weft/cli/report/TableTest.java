package dev.weft.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class TableTest {

    @Test
    void numbersAreAlignedToTheRightAndTextToTheLeft() {
        Table table = new Table("model", "accuracy", "note")
                .row("mlp", "9.1 %", "a")
                .row("ng-gnn", "88.0 %", "")
                .row("none", "-", "long note");
        assertEquals("""
                model   accuracy  note
                ------  --------  ---------
                mlp        9.1 %  a
                ng-gnn    88.0 %
                none           -  long note
                """, table.toString());
    }

    @Test
    void aRowOfAnotherWidthIsRefused() {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> new Table("a", "b").row("only"));
        assertEquals("expected 2 cells, found 1", e.getMessage());
    }
}
