package io.orchestrator.engine;

import io.orchestrator.execution.Crossings;
import io.orchestrator.execution.Event;
import io.orchestrator.execution.Execution;
import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Plan;
import io.orchestrator.queue.Hint;
import io.orchestrator.queue.Hints;
import io.orchestrator.queue.Outgoing;
import io.orchestrator.queue.QueueName;
import io.orchestrator.store.Commit;
import io.orchestrator.store.ExecutionStore;
import io.orchestrator.store.Repair;
import io.orchestrator.store.Stored;
import io.orchestrator.store.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What everything in the engine of one process shares. */
record Parts(
    PlanSource plans,
    ExecutionStore store,
    DatabaseTime time,
    Calls calls,
    Errands errands,
    Commits commits,
    Hints hints,
    Observer observer,
    Engine.SlowCalls slowCalls,
    Handovers handovers,
    Recent recent,
    Leases leases,
    EngineOptions options) {
  private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

  /** The machine that this process runs on. */
  Host host() {
    return options.host();
  }

  Admissions admissions() {
    return new Admissions(this);
  }

  /** These transitions are durable: whoever is concerned is told. */
  void committed(Observer.Moved moved) {
    observer.committed(moved);
    admissions().ended(moved.plan(), moved.after());
  }

  Verdict commit(Commit commit) {
    return told(commit, store.commit(commit));
  }

  /** One that an operator has ordered. */
  Verdict commit(Commit commit, Repair repair) {
    return told(commit, store.commit(commit, repair));
  }

  private Verdict told(Commit commit, Verdict verdict) {
    if (verdict instanceof Verdict.Stored stored) {
      time.heard(stored.at());
      if (!commit.posted().isEmpty()) {
        call(commit.tenant(), commit.posted());
      }
    }
    return verdict;
  }

  /** Sends hints for events that are to be delivered; a lost one is left to the sweeper. */
  void call(String tenant, List<Commit.Posted> events) {
    List<Outgoing> outgoing =
        events.stream()
            .map(
                event ->
                    Outgoing.now(
                        queue(event.type()), new Hint(tenant, event.id(), 0, Hint.Kind.EVENT)))
            .toList();
    if (hints.send(outgoing) < outgoing.size()) {
      LOG.warn(
          "hints for {} could not be sent and are left to the sweeper",
          events.stream().map(Commit.Posted::id).toList());
    }
  }

  /** Notices hold addresses of the API, which only the step runners always know. */
  private static QueueName queue(String type) {
    return type.startsWith(Crossings.NOTICES) ? QueueName.STEP : QueueName.RESUME;
  }

  /** Does what a step is to do outside, and says what came of it. */
  Event make(Plan plan, Execution execution, String path, int attempt, String traceparent) {
    return plan.at(path).kind() instanceof Kind.Call
        ? calls.make(plan, execution, path, attempt, traceparent)
        : errands.make(plan, execution, path, attempt, traceparent);
  }

  /**
   * What a stored execution adds up to, with what is masked in it.
   *
   * @throws UntrustedState when it contradicts itself
   */
  Execution fold(Stored stored) {
    return recent.fold(stored);
  }

  Stored load(UUID id) {
    Stored stored =
        recent
            .load(id)
            .orElseThrow(() -> new UntrustedState("the execution " + id + " has vanished"));
    time.heard(stored.readAt());
    return stored;
  }

  /** The plan that a stored execution follows. */
  Plan plan(Stored stored) {
    return plan(stored.id(), stored.tenant(), stored.flow(), stored.version());
  }

  /** The plan of the version that an execution runs on. */
  Plan plan(UUID id, String tenant, String flow, String version) {
    return plans
        .plan(tenant, flow, version)
        .orElseThrow(
            () -> new UntrustedState(id + " runs on " + flow + " " + version + ", which is gone"));
  }

  /** The rows of a commit as the lines of the history that they became. */
  static List<Stored.Line> lines(Commit commit, Instant at) {
    List<Stored.Line> lines = new ArrayList<>(commit.rows().size());
    int revision = commit.expected();
    for (Commit.Row row : commit.rows()) {
      revision++;
      Instant due = row.dueAfter() == null ? null : at.plus(row.dueAfter());
      lines.add(
          new Stored.Line(revision, at, row.event(), row.step(), row.attempt(), row.data(), due));
    }
    return lines;
  }

  boolean isSlow(Plan plan, Execution execution, String path) {
    return plan.at(path).kind() instanceof Kind.Call call
        && (slowCalls.isSlow(execution.tenant(), call.adapter(), call.action())
            || call.fallback().stream()
                .anyMatch(
                    other ->
                        slowCalls.isSlow(execution.tenant(), other.adapter(), other.action())));
  }

  /**
   * Sends a hint; one that cannot be sent is a lost one, and the execution's due time stands for
   * it.
   */
  void hint(
      QueueName queue, Execution execution, Hint.Kind kind, Duration delay, String traceparent) {
    Hint hint =
        new Hint(execution.tenant(), execution.id(), execution.revision(), kind, traceparent);
    if (hints.send(List.of(new Outgoing(queue, hint, delay))) == 0) {
      LOG.warn("{} could not be sent and is left to the sweeper", hint);
    }
  }

  /** Nobody goes on with it until an operator has looked. */
  void quarantine(UUID id, UntrustedState why) {
    if (store.quarantine(id, why.getMessage())) {
      LOG.error("{} is quarantined; an operator must decide about it", id, why);
      observer.quarantined(id, why.getMessage());
    }
  }

  void ignored(Execution execution, Event event, String why) {
    LOG.info("{}: {} changes nothing: {}", execution.id(), event.getClass().getSimpleName(), why);
  }
}
