package io.orchestrator.engine;

import io.orchestrator.execution.Crossings;
import io.orchestrator.execution.Event;
import io.orchestrator.execution.Execution;
import io.orchestrator.execution.Failure;
import io.orchestrator.execution.Occurrence;
import io.orchestrator.execution.Pause;
import io.orchestrator.execution.Status;
import io.orchestrator.execution.SubFlowStart;
import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Plan;
import io.orchestrator.flow.Problem;
import io.orchestrator.store.Commit;
import io.orchestrator.store.Events;
import io.orchestrator.store.Stored;
import io.orchestrator.telemetry.Trace;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What is done for a step that calls no adapter: the start of another flow, the look for an event
 * that came early. Both may be done again.
 */
final class Errands {
  private static final String SOURCE = "flow";
  private static final Duration KEPT = Duration.ofDays(400);
  private static final int EARLY_MAX = 1_000;

  private final Supplier<Events> events;
  private final BiFunction<UUID, StartRequest, Start> starts;
  private final Function<UUID, Optional<Stored>> loads;
  private final Function<Events.Kept, Occurrence> occurrences;
  private final Supplier<Instant> clock;

  Errands(
      Supplier<Events> events,
      BiFunction<UUID, StartRequest, Start> starts,
      Function<UUID, Optional<Stored>> loads,
      Function<Events.Kept, Occurrence> occurrences,
      Supplier<Instant> clock) {
    this.events = events;
    this.starts = starts;
    this.loads = loads;
    this.occurrences = occurrences;
    this.clock = clock;
  }

  /** What came of it. */
  Event make(Plan plan, Execution execution, String path, int attempt, String traceparent) {
    return plan.at(path).kind() instanceof Kind.SubFlow
        ? start(plan, execution, path, attempt, traceparent)
        : look(plan, execution, path, attempt);
  }

  // -- events that came early

  private Event look(Plan plan, Execution execution, String path, int attempt) {
    Pause.Listening listening = (Pause.Listening) execution.step(path).pause();
    Instant since = Crossings.since(plan, execution, path);
    for (Events.Kept kept :
        events
            .get()
            .since(execution.tenant(), listening.type(), listening.key(), since, EARLY_MAX)) {
      Occurrence occurrence = occurrences.apply(kept);
      if (Crossings.takes(plan, execution, path, occurrence)) {
        return new Event.EventReceived(path, occurrence, clock.get());
      }
    }
    return new Event.StepDeferred(path, attempt, null, clock.get());
  }

  // -- children

  private Event start(
      Plan plan, Execution execution, String path, int attempt, String traceparent) {
    return switch (SubFlowStart.of(plan, execution, path)) {
      case SubFlowStart.Unready unready ->
          new Event.StepFailed(path, attempt, unready.failure(), clock.get());
      case SubFlowStart.Ready ready -> {
        StartRequest request =
            new StartRequest(
                execution.tenant(),
                ready.flow(),
                ready.version(),
                ready.input(),
                ready.trigger(),
                key(ready.child()),
                Trace.ofStep(traceparent, execution.id(), path, attempt));
        yield started(path, attempt, ready, starts.apply(ready.child(), request));
      }
    };
  }

  private Event started(String path, int attempt, SubFlowStart.Ready ready, Start start) {
    return switch (start) {
      case Start.Accepted accepted -> begun(path, attempt, ready, accepted.id());
      case Start.Repeated repeated -> begun(path, attempt, ready, repeated.id());
      case Start.KeyReused ignored ->
          failed(path, attempt, Failure.fatal("cancelled", "it was cancelled before it began"));
      case Start.NoSuchFlow none -> failed(path, attempt, Failure.fatal("not_found", none.why()));
      case Start.NoRoom full ->
          failed(
              path,
              attempt,
              Failure.temporary(
                  "conflict", "the flow lets only " + full.limit() + " be at work at once"));
      case Start.BadInput bad -> failed(path, attempt, badInput(ready, bad.problems()));
    };
  }

  private static Failure badInput(SubFlowStart.Ready ready, List<Problem> problems) {
    String message =
        problems.stream().map(p -> p.path() + ": " + p.message()).collect(Collectors.joining("; "));
    return Failure.fatal("validation", "the input does not fit " + ready.flow() + ": " + message);
  }

  private Event begun(String path, int attempt, SubFlowStart.Ready ready, UUID child) {
    Map<String, Object> call = new LinkedHashMap<>();
    call.put("execution", child.toString());
    if (ready.detached()) {
      return new Event.StepSucceeded(path, attempt, call, "", clock.get());
    }
    // It was perhaps started before a crash, and has ended since.
    Optional<Execution> ended =
        loads
            .apply(child)
            .filter(stored -> Status.of(stored.status()).isFinal())
            .map(History::fold);
    return ended
        .<Event>map(
            end -> new Event.ChildEnded(path, attempt, end.output(), failure(end), clock.get()))
        .orElseGet(() -> new Event.StepDeferred(path, attempt, call, clock.get()));
  }

  private Event failed(String path, int attempt, Failure failure) {
    return new Event.StepFailed(path, attempt, failure, clock.get());
  }

  /** Why a child did not end well, as its parent's step fails; null if it did. */
  static Failure failure(Execution child) {
    return switch (child.status()) {
      case COMPLETED -> null;
      case CANCELLED -> cancelled(child);
      case TIMED_OUT -> Failure.temporary("timeout", "the execution " + child.id() + " timed out");
      default -> {
        if (child.failure() == null && child.reason() != null) {
          yield cancelled(child); // what it had done was undone
        }
        yield child.failure() == null
            ? Failure.fatal("internal", "the execution " + child.id() + " ended badly")
            : child.failure();
      }
    };
  }

  private static Failure cancelled(Execution child) {
    return Failure.fatal("cancelled", "the execution " + child.id() + " was cancelled");
  }

  private static Commit.IdempotencyKey key(UUID child) {
    String id = child.toString();
    return new Commit.IdempotencyKey(SOURCE, id, Callbacks.answerHash(id, null), KEPT);
  }

  /** Makes sure that a child never starts; if it has, it is the answer. */
  static Optional<UUID> forbid(Events events, String tenant, String child) {
    return events.forbid(tenant, SOURCE, child, KEPT);
  }
}
