package io.orchestrator.adapter.mcp;

import io.orchestrator.adapter.Invocation;
import io.orchestrator.adapter.Reply;
import io.orchestrator.adapter.http.Exchange;
import io.orchestrator.adapter.http.Line;
import io.orchestrator.execution.Failure;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * One session with an MCP server over streamable HTTP: initialize, requests, and the end; all of it
 * within the time of one call. One thread.
 */
final class McpSession implements AutoCloseable {
  /** The newest revision that we speak, and the others whose tools are called the same. */
  private static final String VERSION = "2025-11-25";

  private static final Set<String> VERSIONS =
      Set.of(VERSION, "2025-06-18", "2025-03-26", "2024-11-05");

  private static final String ACCEPT = "application/json, text/event-stream";

  /** The server may take its time over a good-bye; the step need not wait for it. */
  private static final Duration END_MAX = Duration.ofSeconds(1);

  private static final long INVALID_PARAMS = -32_602;
  private static final long UNKNOWN_METHOD = -32_601;
  private static final long INTERNAL_ERROR = -32_603;

  private final Line line;
  private final Invocation invocation;
  private final long deadline;
  private final Map<String, String> headers = new LinkedHashMap<>();
  private long requests;

  McpSession(Line line, Invocation invocation) {
    this.line = line;
    this.invocation = invocation;
    this.deadline = System.nanoTime() + invocation.timeout().toNanos();
    headers.put("Accept", ACCEPT);
  }

  /** The session cannot go on, which is the reply of the call. */
  static final class Over extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient Reply reply;

    Over(Reply reply) {
      super("over", null, false, false);
      this.reply = reply;
    }

    static Over because(String type, String message, boolean retryable) {
      return new Over(new Reply.Failed(new Failure(type, message, 0, retryable, "", null, null)));
    }

    Reply reply() {
      return reply;
    }
  }

  /** Agrees on a version, and takes the session's id if the server gives one. */
  void open() throws Over, Line.Unwritable {
    Map<String, Object> params = new LinkedHashMap<>();
    params.put("protocolVersion", VERSION);
    params.put("capabilities", Map.of());
    params.put("clientInfo", Map.of("name", "orchestrator", "version", "1"));
    Map<?, ?> result = ask("initialize", params);
    if (!(result.get("protocolVersion") instanceof String version) || !VERSIONS.contains(version)) {
      throw Over.because(
          "adapter_error",
          invocation.definition().adapter()
              + " speaks another version of MCP: "
              + result.get("protocolVersion"),
          false);
    }
    headers.put("MCP-Protocol-Version", version);
    Map<String, Object> ready = new LinkedHashMap<>();
    ready.put("jsonrpc", "2.0");
    ready.put("method", "notifications/initialized");
    Exchange exchange = line.send(request("POST", ready, left()));
    if (!(exchange instanceof Exchange.Response response) || !isSuccess(response)) {
      throw new Over(Line.reply(exchange, invocation));
    }
  }

  /** Makes a request and waits for its result. */
  Map<?, ?> ask(String method, Object params) throws Over, Line.Unwritable {
    long id = ++requests;
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("jsonrpc", "2.0");
    message.put("id", id);
    message.put("method", method);
    message.put("params", params);
    RpcAnswer answer = new RpcAnswer(id);
    Exchange exchange = line.send(request("POST", message, left()), answer);
    if (!(exchange instanceof Exchange.Response response)) {
      throw new Over(Line.reply(exchange, invocation));
    }
    String session = response.headers().get("mcp-session-id");
    if (session != null && id == 1) {
      headers.put("Mcp-Session-Id", session);
    }
    Map<?, ?> found = answer.in(response);
    if (found != null && found.get("error") instanceof Map<?, ?> error) {
      throw refused(error, method);
    }
    if (!isSuccess(response)) {
      throw lost(response);
    }
    if (found == null || !(found.get("result") instanceof Map<?, ?> result)) {
      throw Over.because(
          "adapter_error",
          invocation.definition().adapter() + " gave no answer to " + method,
          true);
    }
    return result;
  }

  /** A session that the server has just forgotten is none of the flow's business. */
  private Over lost(Exchange.Response response) {
    return response.status() == 404 && headers.containsKey("Mcp-Session-Id")
        ? Over.because(
            "adapter_unavailable",
            invocation.definition().adapter() + " has forgotten the session",
            true)
        : new Over(Line.reply(response, invocation));
  }

  private Over refused(Map<?, ?> error, String method) {
    Object code = error.get("code");
    String message =
        invocation.definition().adapter() + " refused " + method + ": " + error.get("message");
    String type =
        Long.valueOf(INVALID_PARAMS).equals(code)
            ? "validation"
            : Long.valueOf(UNKNOWN_METHOD).equals(code) ? "not_found" : "adapter_error";
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("code", code);
    data.put("data", error.get("data"));
    boolean again = Long.valueOf(INTERNAL_ERROR).equals(code) && invocation.action().idempotent();
    return new Over(new Reply.Failed(new Failure(type, message, 0, again, "", data, null)));
  }

  private Exchange.Request request(String method, Object body, Duration time)
      throws Line.Unwritable {
    URI base = invocation.definition().baseUrl();
    Exchange.Request whole =
        line.write(invocation, new Line.Ask(method, base, Map.copyOf(headers), body, true));
    return new Exchange.Request(
        whole.method(), whole.uri(), whole.headers(), whole.body(), time, whole.allow());
  }

  private Duration left() throws Over {
    Duration left = Duration.ofNanos(deadline - System.nanoTime());
    if (!left.isPositive()) {
      throw Over.because(
          "timeout",
          invocation.definition().adapter()
              + " gave no answer within "
              + invocation.timeout().toMillis()
              + " ms",
          invocation.action().idempotent());
    }
    return left;
  }

  private static boolean isSuccess(Exchange.Response response) {
    return response.status() >= 200 && response.status() < 300;
  }

  /** Tells the server that nobody comes back; it may not care. */
  @Override
  public void close() {
    if (!headers.containsKey("Mcp-Session-Id")) {
      return;
    }
    try {
      Duration left = left();
      line.send(request("DELETE", null, left.compareTo(END_MAX) < 0 ? left : END_MAX));
    } catch (Over | Line.Unwritable late) {
      // Without a good-bye the server ends the session in its own time.
    }
  }
}
