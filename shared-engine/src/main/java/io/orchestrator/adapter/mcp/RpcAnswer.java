package io.orchestrator.adapter.mcp;

import io.orchestrator.adapter.http.Egress;
import io.orchestrator.adapter.http.Exchange;
import io.orchestrator.adapter.http.Line;
import io.orchestrator.expression.Json;
import io.orchestrator.expression.JsonException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Finds the answer to one JSON-RPC request in what a server sends: a JSON body, or a stream of
 * server-sent events in which other messages may stand before it. One response, one thread.
 */
final class RpcAnswer implements Egress.Enough {
  private static final String EVENTS = "text/event-stream";

  private final long id;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final StringBuilder data = new StringBuilder();
  private boolean afterReturn;
  private Map<?, ?> found;

  /**
   * @param id of the request
   */
  RpcAnswer(long id) {
    this.id = id;
  }

  /** A stream may stay open after the answer, so it is read no further. */
  @Override
  public boolean has(Map<String, String> headers, byte[] some, int count) {
    if (!headers.getOrDefault("content-type", "").startsWith(EVENTS)) {
      return false;
    }
    for (int i = 0; i < count && found == null; i++) {
      take(some[i]);
    }
    return found != null;
  }

  /** The message with the request's id; null if there is none. */
  Map<?, ?> in(Exchange.Response response) {
    if (response.headers().getOrDefault("content-type", "").startsWith(EVENTS)) {
      // The last event may lack the empty line that ends it.
      endLine();
      endEvent();
    } else {
      look(Line.data(response));
    }
    return found;
  }

  /** Lines end by CR, LF or both. */
  private void take(byte b) {
    if (b == '\n' && afterReturn) {
      afterReturn = false;
      return;
    }
    afterReturn = b == '\r';
    if (b != '\n' && b != '\r') {
      line.write(b);
    } else if (line.size() == 0) {
      endEvent();
    } else {
      endLine();
    }
  }

  private void endLine() {
    String text = line.toString(StandardCharsets.UTF_8);
    line.reset();
    if (text.startsWith("data:")) {
      data.append(text.substring(text.startsWith("data: ") ? 6 : 5)).append('\n');
    }
  }

  private void endEvent() {
    if (data.isEmpty()) {
      return;
    }
    String text = data.toString();
    data.setLength(0);
    try {
      look(Json.read(text));
    } catch (JsonException notOne) {
      // An event that is no message is not the answer; without any the call fails.
    }
  }

  private void look(Object message) {
    boolean answers =
        message instanceof Map<?, ?> map
            && Long.valueOf(id).equals(map.get("id"))
            && (map.containsKey("result") || map.containsKey("error"));
    if (found == null && answers) {
      found = (Map<?, ?>) message;
    }
  }
}
