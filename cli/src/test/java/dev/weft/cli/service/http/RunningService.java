package dev.weft.cli.service.http;

import dev.weft.cli.service.PredictionService;
import dev.weft.cli.service.ServiceLimits;
import dev.weft.cli.service.access.ApiKeys;
import dev.weft.cli.service.model.BatchSettings;
import java.io.IOException;
import java.nio.file.Path;

/** A service on a free port of this machine. */
final class RunningService implements AutoCloseable {

    final PredictionService service;
    final HttpFront front;
    final Client client;

    private RunningService(PredictionService service, ApiKeys keys) {
        this.service = service;
        this.front = HttpFront.start(service, new HttpSettings("127.0.0.1", 0, keys, null));
        this.client = new Client(front.port());
    }

    static RunningService of(Path models) throws IOException {
        return of(models, ServiceLimits.defaults(), ApiKeys.none());
    }

    static RunningService of(Path models, ServiceLimits limits, ApiKeys keys) throws IOException {
        return new RunningService(PredictionService.open(models, limits, BatchSettings.DEFAULT), keys);
    }

    @Override
    public void close() throws IOException {
        front.close();
        service.close();
    }
}
