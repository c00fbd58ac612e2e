package io.orchestrator.adapter.sandbox;

import io.orchestrator.adapter.AllowList;
import io.orchestrator.adapter.http.Egress;
import io.orchestrator.adapter.http.Exchange;
import io.orchestrator.expression.Json;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the time that a script asks for, and calls a step back as the service that a sandbox stands
 * for would; on this machine only.
 */
final class Callbacks implements Pace {
  private static final Logger LOG = LoggerFactory.getLogger(Callbacks.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final AllowList LOOPBACK = AllowList.parse("127.0.0.0/8,::1");

  private final Egress egress;

  Callbacks(Egress egress) {
    this.egress = egress;
  }

  @Override
  public boolean spend(Duration time) {
    try {
      // The delay that the script asks for: the service takes its time.
      Thread.sleep(time);
      return true;
    } catch (InterruptedException told) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Posts it when its time has come; it is lost with the process. */
  @Override
  public void callBack(Duration after, Object body, boolean error, String url) {
    URI uri = URI.create(error ? url + "?outcome=error" : url);
    byte[] bytes = Json.write(body).getBytes(StandardCharsets.UTF_8);
    Map<String, String> headers = Map.of("Content-Type", "application/json");
    Exchange.Request request = new Exchange.Request("POST", uri, headers, bytes, TIMEOUT, LOOPBACK);
    Thread.ofVirtual().name("sandbox-callback").start(() -> send(after, request));
  }

  private void send(Duration after, Exchange.Request request) {
    try {
      // The delay that the script asks for, on a virtual thread of its own.
      Thread.sleep(after);
    } catch (InterruptedException told) {
      return;
    }
    // The URL is a capability, so it is not logged.
    switch (egress.send(request)) {
      case Exchange.Response response ->
          LOG.debug("A sandbox callback was answered {}", response.status());
      case Exchange.Broken broken ->
          LOG.warn("A sandbox callback was not taken: {}", broken.cause());
    }
  }
}
