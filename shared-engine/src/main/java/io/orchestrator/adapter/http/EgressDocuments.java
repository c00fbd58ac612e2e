package io.orchestrator.adapter.http;

import io.orchestrator.adapter.AllowList;
import io.orchestrator.adapter.Limits;
import io.orchestrator.adapter.openapi.Documents;
import java.net.URI;
import java.util.Map;

/** Fetches documents the way that calls go, without any credentials. */
public final class EgressDocuments implements Documents {
  private final Egress egress;

  public EgressDocuments(Egress egress) {
    this.egress = egress;
  }

  @Override
  public Found fetch(URI address, AllowList allow) {
    Map<String, String> headers =
        Map.of("Accept", "application/json, application/yaml;q=0.9, */*;q=0.1");
    Exchange.Request request =
        new Exchange.Request("GET", address, headers, null, Limits.OPENAPI_TIMEOUT, allow);
    return switch (egress.send(request)) {
      case Exchange.Response response when response.status() == 200 ->
          new Found.Text(response.body());
      case Exchange.Response response ->
          new Found.Missing(address.getHost() + " answered " + response.status());
      case Exchange.Broken broken -> new Found.Missing(broken.message());
    };
  }
}
