package dev.weft.cli.service.model;

import java.util.List;
import java.util.Map;

/** A model in memory. Its computations run one by one in its {@link ModelWorker}. */
public sealed interface ServedModel permits ServedMetanet, ServedHypernet, ServedNowcaster {

    /** Returns what it is: {@code metanet}, {@code hypernet} or {@code nowcaster}. */
    String kind();

    /** Returns what it can be asked for, nothing if its task has no operation yet. */
    List<Operation> operations();

    /** Returns what is to be known about it, as JSON. */
    Map<String, Object> facts();

    /** Frees its values; nothing of it is running any more. */
    void close();
}
