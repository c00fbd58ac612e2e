package io.orchestrator.functions;

import io.orchestrator.telemetry.Span;
import io.orchestrator.telemetry.Spans;
import io.orchestrator.telemetry.Trace;
import io.orchestrator.telemetry.Work;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The span of a request. It names the route, never the path: that may hold a token.
 *
 * @param given the context that the client sent; null if it sent none
 */
record RequestSpan(Spans spans, Route.Server server, Request request, String given) {

  /** Serves it, within its span. */
  Reply around(Function<Request, Reply> served) {
    String own = given == null ? request.trace() : Trace.within(given);
    Instant begun = Instant.now();
    long nanos = System.nanoTime();
    Work work = new Work();
    Reply reply = work.doing(() -> served.apply(request.in(own)));
    Instant ended = begun.plus(Duration.ofNanos(System.nanoTime() - nanos));
    spans.over(span(own, begun, ended, reply.status(), work.about()));
    return reply;
  }

  /**
   * @param about the execution that it has moved; null if none. A client who sent no context joins
   *     its trace, one who did has a link to it.
   */
  private Span span(String own, Instant begun, Instant ended, int status, String about) {
    boolean joins = given == null && about != null;
    String context = joins ? Trace.with(about, Trace.spanId(own)) : own;
    String parent = joins ? Trace.spanId(about) : given == null ? null : Trace.spanId(given);
    boolean elsewhere = about != null && !Trace.traceId(about).equals(Trace.traceId(context));
    String route = route();
    Map<String, Object> attributes = new LinkedHashMap<>();
    attributes.put("http.request.method", request.method());
    attributes.put("http.route", route);
    attributes.put("http.response.status_code", (long) status);
    return new Span(
        context,
        parent,
        Span.Kind.SERVER,
        route == null ? request.method() : request.method() + " " + route,
        begun,
        ended,
        attributes,
        status >= 500 ? Integer.toString(status) : null,
        elsewhere ? List.of(about) : List.of());
  }

  private String route() {
    return Route.find(server, request.method(), request.path()) instanceof Route.Match.Found found
        ? found.route().template()
        : null;
  }
}
