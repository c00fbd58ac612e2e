package io.orchestrator.engine;

import io.orchestrator.execution.Descent;
import io.orchestrator.execution.Execution;
import io.orchestrator.execution.Failure;
import io.orchestrator.execution.Occurrence;
import io.orchestrator.execution.SubFlowStart;
import io.orchestrator.expression.ExpressionException;
import io.orchestrator.expression.Json;
import io.orchestrator.expression.Scope;
import io.orchestrator.flow.Trigger;
import io.orchestrator.store.Commit;
import io.orchestrator.store.Events;
import io.orchestrator.store.Stored;
import io.orchestrator.telemetry.Trace;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings an event to everybody who waits for it, and starts the flows that listen. Done again, it
 * changes nothing: a wait takes an event once, and a flow is started once by it.
 */
final class Deliveries {
  private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);
  private static final int PAGE = 100;

  private final Parts parts;
  private final Letters letters;
  private final Words words;
  private final Function<StartRequest, Start> starts;
  private final Callbacks callbacks;

  Deliveries(Parts parts, Words words, Function<StartRequest, Start> starts, Callbacks callbacks) {
    this.parts = parts;
    this.letters = new Letters(parts, words);
    this.words = words;
    this.starts = starts;
    this.callbacks = callbacks;
  }

  Letters letters() {
    return letters;
  }

  private Events events() {
    return parts.store().events();
  }

  /** Delivers the event with that id, unless that has been done. */
  void deliver(UUID id) {
    Optional<Events.Kept> found = events().find(id).filter(Events.Kept::open);
    if (found.isEmpty()) {
      return;
    }
    Events.Kept event = found.get();
    switch (event.type()) {
      case Outbox.CANCEL -> {
        cancel(event);
        events().drop(id);
      }
      case Outbox.ENDED -> {
        ended(event);
        events().drop(id);
      }
      default -> {
        Occurrence occurrence = occurrence(event);
        wake(event, occurrence);
        List<Listener> listeners =
            parts.plans().listeners(event.tenant(), Listener.event(event.type()));
        if (!listeners.isEmpty()) {
          Cause cause = new Cause("event", occurrence.toData(), id, origin(event));
          start(event.tenant(), listeners, cause);
        }
        events().delivered(id);
      }
    }
  }

  // -- events of the tenant

  private void wake(Events.Kept event, Occurrence occurrence) {
    byte[] after = new byte[0];
    List<Events.Waiting> page;
    do {
      page = events().waiting(event.tenant(), event.type(), event.key(), after, PAGE);
      for (Events.Waiting waiting : page) {
        after = waiting.tokenHash();
        letters.event(waiting.execution(), waiting.step(), occurrence);
      }
    } while (page.size() == PAGE);
  }

  private Occurrence occurrence(Events.Kept event) {
    return occurrence(callbacks, event);
  }

  /** An event as flows see it. An approval's notice gets its links only now: none is stored. */
  static Occurrence occurrence(Callbacks callbacks, Events.Kept event) {
    Object data = Json.readStored(event.data());
    if (event.type().startsWith("approval.") && data instanceof Map<?, ?> notice) {
      data = withLinks(callbacks, notice);
    }
    return new Occurrence(
        event.id().toString(), event.type(), event.key(), data, event.receivedAt());
  }

  private static Object withLinks(Callbacks callbacks, Map<?, ?> notice) {
    if (!(notice.get("execution") instanceof String execution)
        || !(notice.get("step") instanceof String step)
        || !(notice.get("to") instanceof List<?> people)
        || !(notice.get("approval") instanceof String approval)
        || !approval.equals(callbacks.approval(UUID.fromString(execution), step).toString())) {
      return notice;
    }
    Map<String, Object> more = new LinkedHashMap<>();
    notice.forEach((key, value) -> more.put((String) key, value));
    List<Object> links = new ArrayList<>();
    for (Object person : people) {
      Map<String, Object> link = new LinkedHashMap<>();
      link.put("to", person);
      String token = callbacks.link(UUID.fromString(execution), step, (String) person);
      link.put("url", callbacks.linkUrl(UUID.fromString(approval), token));
      links.add(link);
    }
    more.put("links", links);
    return more;
  }

  // -- flows that are started

  /**
   * What starts flows.
   *
   * @param type of the trigger
   * @param event what {@code $event} is
   */
  private record Cause(String type, Map<String, Object> event, UUID id, Origin origin) {
    Scope scope() {
      return new Scope(
          name -> name.equals("event") ? event : null,
          Instant.parse((String) event.get("at")),
          id.toString());
    }

    Map<String, Object> trigger() {
      Map<String, Object> trigger = new LinkedHashMap<>();
      trigger.put("type", type);
      trigger.put("event", event);
      Descent.hand(origin.generation(), trigger);
      return trigger;
    }
  }

  /**
   * Where something comes from.
   *
   * @param generation how many executions in a row have led to what it starts
   * @param trace that what it starts belongs to; null: a trace of its own
   */
  private record Origin(long generation, String trace) {
    static Origin of(Stored stored, Map<String, Object> trigger) {
      return new Origin(
          Descent.generation(trigger) + 1, Trace.ofExecution(stored.traceparent(), stored.id()));
    }
  }

  private Origin origin(Events.Kept event) {
    Optional<Stored> emitter =
        event.cause() == null ? Optional.empty() : parts.store().load(event.cause());
    return emitter
        .map(stored -> Origin.of(stored, trigger(stored)))
        .orElseGet(() -> new Origin(0, event.traceparent()));
  }

  /** What it has emitted counts, also if it cannot be trusted by now. */
  private Map<String, Object> trigger(Stored stored) {
    try {
      return parts.fold(stored).trigger();
    } catch (UntrustedState quarantined) {
      LOG.warn("{} has emitted an event and cannot be read", stored.id(), quarantined);
      return null;
    }
  }

  private void start(String tenant, List<Listener> listeners, Cause cause) {
    if (cause.origin.generation > Descent.GENERATIONS_MAX) {
      LOG.warn(
          "{} {} starts none of {}: {} executions in a row have started each other",
          cause.type,
          cause.id,
          listeners.stream().map(Listener::flow).toList(),
          Descent.GENERATIONS_MAX);
      return;
    }
    for (Listener listener : listeners) {
      try {
        if (meant(listener.trigger(), cause)) {
          start(tenant, listener, cause);
        }
      } catch (ExpressionException broken) {
        LOG.warn(
            "{} is not started by {} {}: {}",
            listener.flow(),
            cause.type,
            cause.id,
            broken.getMessage());
      }
    }
  }

  private static boolean meant(Trigger trigger, Cause cause) {
    return switch (trigger) {
      case Trigger.Occurrence occurrence ->
          occurrence.filter() == null || occurrence.filter().expression().condition(cause.scope());
      case Trigger.Completion end -> end.statuses().contains(cause.event.get("status"));
      case Trigger.Webhook ignored -> false;
      case Trigger.Schedule ignored -> false;
    };
  }

  private void start(String tenant, Listener listener, Cause cause) {
    Object input =
        switch (listener.trigger()) {
          case Trigger.Occurrence o ->
              o.input() == null
                  ? cause.event.get("data")
                  : o.input().template().fill(cause.scope());
          case Trigger.Completion c ->
              c.input() == null
                  ? cause.event.get("output")
                  : c.input().template().fill(cause.scope());
          case Trigger.Webhook w -> throw new IllegalStateException("a webhook is no event");
          case Trigger.Schedule s -> throw new IllegalStateException("a schedule is no event");
        };
    UUID id = cause.id;
    Commit.IdempotencyKey key =
        new Commit.IdempotencyKey(
            "event:" + listener.flow(),
            id.toString(),
            Callbacks.answerHash(id.toString(), null),
            Events.KEPT);
    StartRequest request =
        new StartRequest(
            tenant, listener.flow(), null, input, cause.trigger(), key, cause.origin.trace);
    switch (starts.apply(request)) {
      case Start.NoSuchFlow none -> LOG.warn("event {} starts nothing: {}", id, none.why());
      case Start.NoRoom full ->
          LOG.warn("event {} starts no {}: {} are at work", id, listener.flow(), full.limit());
      case Start.BadInput bad ->
          LOG.warn("event {} does not fit {}: {}", id, listener.flow(), bad.problems());
      case Start.Accepted ignored -> {}
      case Start.Repeated ignored -> {}
      case Start.KeyReused ignored -> {}
    }
  }

  // -- executions of executions

  /** One that has not begun yet never will. */
  private void cancel(Events.Kept event) {
    Errands.forbid(events(), event.tenant(), event.key())
        .ifPresent(
            child -> words.cancel(event.tenant(), child, "its parent goes on without it", false));
  }

  private void ended(Events.Kept event) {
    Optional<Stored> stored = parts.store().load(UUID.fromString(event.key()));
    if (stored.isEmpty()) {
      return;
    }
    Execution child = parts.fold(stored.get());
    Map<?, ?> parent = SubFlowStart.parent(child);
    if (parent != null) {
      UUID execution = UUID.fromString((String) parent.get("execution"));
      int attempt = ((Long) parent.get("attempt")).intValue();
      Failure failure = Errands.failure(child);
      letters.childEnded(execution, (String) parent.get("step"), attempt, child.output(), failure);
    }
    parts.plans().ended(stored.get().flow(), stored.get().version(), child);
    Origin origin = Origin.of(stored.get(), child.trigger());
    start(
        event.tenant(),
        parts.plans().listeners(event.tenant(), Listener.completed(stored.get().flow())),
        new Cause("completed", end(stored.get(), child), event.id(), origin));
  }

  private static Map<String, Object> end(Stored stored, Execution child) {
    Map<String, Object> end = new LinkedHashMap<>();
    end.put("execution", child.id().toString());
    end.put("flow", stored.flow());
    end.put("version", stored.version());
    end.put("status", child.status().text());
    end.put("output", child.output());
    end.put("error", child.failure() == null ? null : child.failure().toData());
    end.put("at", String.valueOf(child.endedAt()));
    return end;
  }
}
