package io.orchestrator.telemetry;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Something that is over: who did it, from when to when, and how it ended. It holds names, ids and
 * types, never data.
 *
 * @param context whose span id is this one's
 * @param parent the id of the span that it is part of; null if it is the first of its trace
 * @param attributes texts, {@link Long}s and {@link Boolean}s, named by OpenTelemetry's semantic
 *     conventions where they have a name
 * @param error what kind of error it ended with; null if it ended well
 * @param links contexts of other traces that it has to do with
 */
public record Span(
    String context,
    String parent,
    Kind kind,
    String name,
    Instant begun,
    Instant ended,
    Map<String, Object> attributes,
    String error,
    List<String> links) {

  /** Its part in the talk of processes. */
  public enum Kind {
    /** Answers a request. */
    SERVER,
    /** Asks another service. */
    CLIENT,
    /** Takes a message. */
    CONSUMER,
    /** Goes on within. */
    INTERNAL
  }
}
