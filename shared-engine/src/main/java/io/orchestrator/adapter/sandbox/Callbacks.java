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

/** Calls a step back, as the service that a sandbox stands for would; on this machine only. */
final class Callbacks {
  private static final Logger LOG = LoggerFactory.getLogger(Callbacks.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final AllowList LOOPBACK = AllowList.parse("127.0.0.0/8,::1");

  private final Egress egress;

  Callbacks(Egress egress) {
    this.egress = egress;
  }

  /** Posts it when its time has come; nobody waits for that, and it is lost with the process. */
  void post(SandboxScript.Callback callback, String url) {
    URI uri = URI.create(callback.error() ? url + "?outcome=error" : url);
    byte[] body = Json.write(callback.body()).getBytes(StandardCharsets.UTF_8);
    Map<String, String> headers = Map.of("Content-Type", "application/json");
    Exchange.Request request = new Exchange.Request("POST", uri, headers, body, TIMEOUT, LOOPBACK);
    Thread.ofVirtual().name("sandbox-callback").start(() -> send(callback.after(), request));
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
