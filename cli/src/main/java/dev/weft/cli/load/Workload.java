package dev.weft.cli.load;

import java.util.List;

/**
 * What clients ask for.
 *
 * @param name in tables
 * @param detail the model and what it reads or writes, in words
 * @param request that all clients send
 * @param clients how many ask at once, one measurement each
 * @param shares whether requests may share a pass, so that it is worth asking one by one too
 */
public record Workload(String name, String detail, LoadRequest request, List<Integer> clients, boolean shares) {

    public Workload {
        clients = List.copyOf(clients);
    }
}
