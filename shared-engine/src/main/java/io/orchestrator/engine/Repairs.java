package io.orchestrator.engine;

import io.orchestrator.execution.Compatibility;
import io.orchestrator.execution.Decision;
import io.orchestrator.execution.Edits;
import io.orchestrator.execution.Event;
import io.orchestrator.execution.Execution;
import io.orchestrator.execution.Restoration;
import io.orchestrator.execution.Rewind;
import io.orchestrator.execution.Settlement;
import io.orchestrator.execution.StateMachine;
import io.orchestrator.execution.Status;
import io.orchestrator.flow.Plan;
import io.orchestrator.flow.Problem;
import io.orchestrator.store.Repair;
import io.orchestrator.store.Stored;
import io.orchestrator.store.Turn;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Lets executions go on from a state that they had before, and ends waits by hand. */
record Repairs(Parts parts, Words words) {

  // -- retry

  /** The same execution goes on; what has finished is not run again. */
  RepairOutcome retry(String tenant, UUID id, Retrial wish, String by) {
    return repeated(tenant, id, stored -> retry(stored, wish, by));
  }

  private RepairOutcome retry(Stored stored, Retrial wish, String by) {
    Status status = Status.of(stored.status());
    if (status == Status.QUARANTINED) {
      return refused("quarantined", "it is quarantined; roll it back to a state that is valid");
    }
    if (!status.isFinal()) {
      return refused("not_retryable", "it is " + status.text() + ", nothing of it has failed");
    }
    if (status == Status.COMPLETED && wish.from() == null) {
      return refused("not_retryable", "it has completed; say the step to go on from, or rerun it");
    }
    Past past = Past.of(parts, stored);
    Optional<Plan> plan = version(stored, wish.version());
    if (plan.isEmpty()) {
      String none = "flow " + stored.flow() + " has no version " + wish.version();
      return refused("incompatible_version", none);
    }
    if (wish.newInput()) {
      List<Problem> problems = parts.plans().check(stored.tenant(), plan.get(), wish.input());
      if (!problems.isEmpty()) {
        return new RepairOutcome.BadInput(problems);
      }
    }
    Rewind rewind = new Rewind(past.plan(), past.moments());
    Rewind.Found found;
    if (wish.from() == null) {
      found = rewind.toFailure();
    } else {
      switch (new StepNames(past.plan()).step(wish.from())) {
        case StepNames.Meant.Path path -> found = rewind.toStep(path.path(), true);
        case StepNames.Meant.Nothing none -> {
          return unknown("/from", none);
        }
      }
    }
    Map<String, Object> outputs = new LinkedHashMap<>();
    for (Map.Entry<String, Object> output : wish.outputs().entrySet()) {
      switch (new StepNames(plan.get()).step(output.getKey())) {
        case StepNames.Meant.Path path -> outputs.put(path.path(), output.getValue());
        case StepNames.Meant.Nothing none -> {
          return unknown("/outputs/" + output.getKey(), none);
        }
      }
    }
    String version = plan.get().version().equals(stored.version()) ? null : wish.version();
    Edits edits = new Edits(wish.newInput(), wish.input(), outputs, version, wish.reason());
    return restore(past, plan.get(), found, edits, true, by);
  }

  private static RepairOutcome unknown(String path, StepNames.Meant.Nothing none) {
    return new RepairOutcome.BadInput(
        List.of(new Problem("unknown_step", path, 0, 0, none.why(), none.hint())));
  }

  private Optional<Plan> version(Stored stored, String wanted) {
    String version = wanted == null ? stored.version() : wanted;
    return parts.plans().plan(stored.tenant(), stored.flow(), version);
  }

  // -- rollback

  /** An earlier state is restored, and it goes on from there; also out of quarantine. */
  RepairOutcome rollback(String tenant, UUID id, Rollback wish, String by) {
    return repeated(tenant, id, stored -> rollback(stored, wish, by));
  }

  private RepairOutcome rollback(Stored stored, Rollback wish, String by) {
    Past past = Past.of(parts, stored);
    if (isInFlight(past)) {
      return refused("in_flight", "a call of it is in flight; pause it, and try again");
    }
    Rewind rewind = new Rewind(past.plan(), past.moments());
    Rewind.Found found;
    if (wish.revision() != null) {
      found = rewind.toRevision(wish.revision());
    } else if (wish.to() == null) {
      found = past.isQuarantined() ? rewind.toLast() : new Rewind.Nowhere("say where to");
    } else {
      switch (new StepNames(past.plan()).step(wish.to())) {
        case StepNames.Meant.Path path -> found = rewind.toStep(path.path(), false);
        case StepNames.Meant.Nothing none -> {
          return unknown("/to", none);
        }
      }
    }
    return restore(past, past.plan(), found, Edits.because(wish.reason()), false, by);
  }

  /** Whether somebody has a call of it in hand, or is about to: then its outcome would be lost. */
  private boolean isInFlight(Past past) {
    Stored stored = past.stored();
    if (past.isQuarantined() || Status.of(stored.status()).isFinal()) {
      return false;
    }
    boolean grace = stored.dueAt() != null && stored.dueAt().isAfter(stored.readAt());
    return stored.isLeased()
        || (grace && new LettingGo(parts, past.plan(), null).isRunnable(past.execution()));
  }

  // -- both

  private RepairOutcome restore(
      Past past, Plan plan, Rewind.Found found, Edits edits, boolean retried, String by) {
    return switch (found) {
      case Rewind.Nowhere nowhere -> refused("no_such_state", nowhere.why());
      case Rewind.Point point -> {
        Execution state = past.at(point.revision());
        String why = incompatible(past, plan, state, edits);
        if (!why.isEmpty()) {
          yield refused("incompatible_version", why);
        }
        boolean ended = Status.of(past.stored().status()).isFinal();
        if (ended && !(parts.admissions().ask(plan, state) instanceof Turn.Taken)) {
          parts.admissions().giveBack(plan, state.id());
          yield refused("no_room", "its flow lets no more of its executions be at work now");
        }
        Restoration restoration =
            new Restoration(state, retried, point, point.edits().then(edits), past.attempts());
        Event event =
            new Event.Ordered(by, new Event.RestoreRequested(restoration, parts.time().now()));
        RepairOutcome outcome = decide(past, plan, event, edits.version());
        if (ended && !(outcome instanceof RepairOutcome.Done)) {
          parts.admissions().giveBack(plan, state.id());
        }
        yield outcome;
      }
    };
  }

  private String incompatible(Past past, Plan plan, Execution state, Edits edits) {
    if (edits.version() == null) {
      return "";
    }
    Object input = edits.newInput() ? edits.input() : state.input();
    List<Problem> problems = parts.plans().check(state.tenant(), plan, input);
    return problems.isEmpty()
        ? Compatibility.why(past.plan(), plan, state)
        : "its input does not fit version "
            + plan.version()
            + ": "
            + problems.stream()
                .map(p -> p.path() + " " + p.message())
                .collect(Collectors.joining("; "));
  }

  private RepairOutcome decide(Past past, Plan plan, Event event, String version) {
    return switch (StateMachine.decide(plan, past.execution(), event)) {
      case Decision.Ignored ignored -> refused("not_possible", ignored.why());
      case Decision.Taken taken -> {
        Repair repair = new Repair(version, past.stored().revision(), past.isQuarantined());
        Optional<Execution> next = words.repair(past, plan, taken, repair);
        yield next.<RepairOutcome>map(
                now -> new RepairOutcome.Done(plan.version(), now.status().text()))
            .orElse(null);
      }
    };
  }

  // -- waits

  /** Ends the wait of a step by hand. */
  RepairOutcome settle(String tenant, UUID id, String name, Settlement settlement, String by) {
    return repeated(tenant, id, stored -> settle(stored, name, settlement, by));
  }

  private RepairOutcome settle(Stored stored, String name, Settlement settlement, String by) {
    if (Status.of(stored.status()) == Status.QUARANTINED) {
      return refused("quarantined", "it is quarantined; roll it back to a state that is valid");
    }
    Plan plan = parts.plan(stored);
    Execution execution = parts.fold(stored);
    return switch (new StepNames(plan).waiting(execution, name)) {
      case StepNames.Meant.Nothing none when plan.named(name) == null && plan.at(name) == null ->
          new RepairOutcome.NotFound();
      case StepNames.Meant.Nothing none -> refused("not_waiting", none.why() + " (" + none.hint() + ")");
      case StepNames.Meant.Path path -> {
        Instant now = parts.time().now();
        Event event =
            new Event.Ordered(by, new Event.StepSettled(path.path(), settlement, now));
        if (StateMachine.decide(plan, execution, event) instanceof Decision.Ignored ignored) {
          yield refused("not_waiting", ignored.why());
        }
        yield words.apply(stored, event, null) == Words.Outcome.STORED
            ? new RepairOutcome.Done(stored.version(), parts.load(stored.id()).status())
            : null;
      }
    };
  }

  // -- races

  /**
   * Tries until nobody else moves it meanwhile.
   *
   * @param attempt gives null if somebody did
   */
  private RepairOutcome repeated(
      String tenant, UUID id, Function<Stored, RepairOutcome> attempt) {
    for (int race = 0; race < Limits.RACES_MAX; race++) {
      Optional<Stored> stored = parts.store().load(id).filter(s -> s.tenant().equals(tenant));
      if (stored.isEmpty()) {
        return new RepairOutcome.NotFound();
      }
      parts.time().heard(stored.get().readAt());
      RepairOutcome outcome = attempt.apply(stored.get());
      if (outcome != null) {
        return outcome;
      }
    }
    return refused("in_flight", "it moves all the time; pause it, and try again");
  }

  private static RepairOutcome refused(String code, String why) {
    return new RepairOutcome.Refused(code, why);
  }
}
