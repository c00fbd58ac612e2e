package io.orchestrator.local;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A stream of server-sent events that stays open. A function answers in pieces, and the client
 * would ask for the next one with the id of its last event; for a client that accepts a stream the
 * gateway asks in its place, until the function says that there is no more.
 */
final class EventStream {
  private static final Logger LOG = System.getLogger(EventStream.class.getName());
  private static final String TYPE = "text/event-stream";
  private static final String LAST = "last-event-id";

  private final FunctionHost function;

  EventStream(FunctionHost function) {
    this.function = function;
  }

  /** Whether the client wants a stream and the answer is the first piece of one. */
  static boolean begins(APIGatewayV2HTTPEvent request, APIGatewayV2HTTPResponse answer) {
    return isPiece(answer)
        && request.getHeaders().getOrDefault("accept", "").toLowerCase(Locale.ROOT).contains(TYPE);
  }

  private static boolean isPiece(APIGatewayV2HTTPResponse answer) {
    return answer != null
        && answer.getStatusCode() == 200
        && answer.getHeaders() != null
        && answer.getHeaders().entrySet().stream()
            .anyMatch(
                header ->
                    header.getKey().equalsIgnoreCase("content-type")
                        && header.getValue().startsWith(TYPE));
  }

  /**
   * Hands on the first piece and all that follow. What the exchange's headers say is sent before.
   *
   * @throws IOException when the client has gone
   */
  void send(HttpExchange exchange, APIGatewayV2HTTPEvent request, APIGatewayV2HTTPResponse first)
      throws IOException {
    exchange.sendResponseHeaders(200, 0);
    Map<String, String> headers = request.getHeaders();
    APIGatewayV2HTTPResponse piece = first;
    try (OutputStream out = exchange.getResponseBody()) {
      while (isPiece(piece) && !Thread.currentThread().isInterrupted()) {
        String events = piece.getBody();
        out.write(events.getBytes(StandardCharsets.UTF_8));
        out.flush();
        headers.put(LAST, last(events, headers.getOrDefault(LAST, "")));
        piece = next(request);
      }
    }
  }

  /** The next piece; null ends the stream, and the client asks again as it does after any end. */
  private APIGatewayV2HTTPResponse next(APIGatewayV2HTTPEvent request) {
    try {
      return function.invoke(request, APIGatewayV2HTTPResponse.class);
    } catch (FunctionException e) {
      LOG.log(Level.WARNING, "A stream of events ends, for its function failed", e);
      return null;
    }
  }

  /** The id of the last event of a piece. */
  private static String last(String events, String before) {
    List<String> ids = events.lines().filter(line -> line.startsWith("id: ")).toList();
    return ids.isEmpty() ? before : ids.getLast().substring("id: ".length());
  }
}
