package io.orchestrator.functions;

import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import io.orchestrator.queue.Hint;
import io.orchestrator.telemetry.Span;
import io.orchestrator.telemetry.Spans;
import io.orchestrator.telemetry.Trace;
import io.orchestrator.telemetry.Work;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * The span of a message, from its arrival until its execution is let go. A hint without a context
 * (of the sweeper, or for an event) belongs to the execution that it has moved; if it has moved
 * none, nothing has happened.
 */
record MessageSpan(Spans spans, SQSMessage message, Hint hint) {

  /** Works on it, within its span; false: it must come again. */
  boolean around(BooleanSupplier works) {
    Instant begun = Instant.now();
    long nanos = System.nanoTime();
    Work work = new Work();
    boolean done = work.doing(works::getAsBoolean);
    Instant ended = begun.plus(Duration.ofNanos(System.nanoTime() - nanos));
    String about =
        hint.traceparent() == null
            ? work.about()
            : Trace.ofExecution(hint.traceparent(), hint.execution());
    if (about != null) {
      spans.over(span(about, begun, ended, done));
    }
    return done;
  }

  private Span span(String about, Instant begun, Instant ended, boolean done) {
    String arn = message.getEventSourceArn() == null ? "" : message.getEventSourceArn();
    String queue = arn.substring(arn.lastIndexOf(':') + 1);
    Map<String, Object> attributes = new LinkedHashMap<>();
    attributes.put("messaging.system", "aws_sqs");
    attributes.put("messaging.operation.type", "process");
    attributes.put("messaging.operation.name", "process");
    attributes.put("messaging.destination.name", queue);
    attributes.put("messaging.message.id", message.getMessageId());
    if (hint.kind() != Hint.Kind.EVENT) {
      attributes.put("orchestrator.execution.id", hint.execution().toString());
    }
    attributes.put("orchestrator.hint.kind", hint.kind().name().toLowerCase(Locale.ROOT));
    return new Span(
        Trace.within(about),
        Trace.spanId(about),
        Span.Kind.CONSUMER,
        "process " + queue,
        begun,
        ended,
        attributes,
        done ? null : "unavailable",
        List.of());
  }
}
