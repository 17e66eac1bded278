package dev.weft.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class MarkdownTableTest {

    @Test
    void rowsFollowTheRule() {
        MarkdownTable table = new MarkdownTable(MarkdownTable.Align.RIGHT, "model", "a|b", "n").row("x", 1.5, 2);
        assertEquals("""
                | model | a\\|b | n |
                | --- | ---: | ---: |
                | x | 1.5 | 2 |
                """, table.toString());
        assertThrows(IllegalArgumentException.class, () -> table.row("too", "few"));
    }
}
