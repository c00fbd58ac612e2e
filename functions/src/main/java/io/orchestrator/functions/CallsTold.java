package io.orchestrator.functions;

import io.orchestrator.adapter.AdapterCall;
import io.orchestrator.adapter.Answer;
import io.orchestrator.adapter.Invocation;
import io.orchestrator.adapter.Reply;
import io.orchestrator.adapter.Watch;
import io.orchestrator.adapter.guard.CircuitState;
import io.orchestrator.adapter.guard.Guarded;
import io.orchestrator.telemetry.Log;
import io.orchestrator.telemetry.Metrics;
import io.orchestrator.telemetry.Span;
import io.orchestrator.telemetry.Spans;
import io.orchestrator.telemetry.Trace;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tells of every call to an adapter: how long it took, and its span. */
record CallsTold(Metrics metrics, Spans spans) implements Watch {

  @Override
  public void called(Invocation invocation, Reply reply, Answer answer, Duration took) {
    Map<String, String> adapter = Map.of("adapter", invocation.definition().adapter());
    metrics.duration("StepDuration", took, adapter);
    if (spans.wanted() && invocation.call().traceparent() != null) {
      spans.over(span(invocation, reply, answer, took));
    }
  }

  @Override
  public void turned(Guarded guarded, CircuitState state) {
    String what = state == CircuitState.OPEN ? "CircuitOpened" : "CircuitClosed";
    metrics.count(what, 1, Map.of("adapter", guarded.adapter()));
    Log.event(
        state == CircuitState.OPEN ? "circuit_opened" : "circuit_closed",
        "tenant",
        guarded.tenant(),
        "adapter",
        guarded.adapter());
  }

  private static Span span(Invocation invocation, Reply reply, Answer answer, Duration took) {
    AdapterCall call = invocation.call();
    String context = call.traceparent();
    Instant begun = invocation.now();
    Map<String, Object> attributes = new LinkedHashMap<>();
    attributes.put("orchestrator.adapter", invocation.definition().adapter());
    attributes.put("orchestrator.action", invocation.action().name());
    attributes.put("orchestrator.execution.id", call.execution().toString());
    attributes.put("orchestrator.step.path", call.path());
    attributes.put("orchestrator.step.attempt", (long) call.attempt());
    String name = invocation.definition().adapter() + "." + invocation.action().name();
    if (invocation.definition().baseUrl() != null) {
      name = http(invocation, attributes);
    }
    if (reply instanceof Reply.Answered answered) {
      attributes.put("http.response.status_code", (long) answered.status());
    }
    String step = Trace.ofStep(context, call.execution(), call.path(), call.attempt());
    return new Span(
        context,
        Trace.spanId(step),
        Span.Kind.CLIENT,
        name,
        begun,
        begun.plus(took),
        attributes,
        error(reply, answer),
        List.of());
  }

  /** What a request has by the conventions for HTTP clients; the whole URL could hold data. */
  private static String http(Invocation invocation, Map<String, Object> attributes) {
    URI base = invocation.definition().baseUrl();
    String method = invocation.action().method();
    String template = base.getRawPath() + invocation.action().path();
    int port = base.getPort() > 0 ? base.getPort() : base.getScheme().equals("https") ? 443 : 80;
    attributes.put("http.request.method", method);
    attributes.put("server.address", base.getHost());
    attributes.put("server.port", (long) port);
    attributes.put("url.template", template.isEmpty() ? "/" : template);
    if (invocation.call().attempt() > 1) {
      attributes.put("http.request.resend_count", invocation.call().attempt() - 1L);
    }
    return method + " " + attributes.get("url.template");
  }

  private static String error(Reply reply, Answer answer) {
    if (reply instanceof Reply.Answered answered && answered.status() >= 400) {
      return Integer.toString(answered.status());
    }
    return answer instanceof Answer.Refused refused ? refused.failure().type() : null;
  }
}
