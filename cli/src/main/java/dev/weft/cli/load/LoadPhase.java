package dev.weft.cli.load;

/**
 * One measurement: some clients that ask again and again.
 *
 * @param workload by its name
 * @param batching whether requests could share a pass
 * @param clients at once
 * @param round counted from 1
 * @param seconds that it took
 * @param answers what came
 * @param serverSeconds of the processors that the service took
 * @param clientSeconds the same of the clients
 */
public record LoadPhase(
        String workload,
        boolean batching,
        int clients,
        int round,
        double seconds,
        Answers.Summary answers,
        double serverSeconds,
        double clientSeconds) {

    /** Returns the requests that were done in a second. */
    public double throughput() {
        return answers.done() / seconds;
    }
}
