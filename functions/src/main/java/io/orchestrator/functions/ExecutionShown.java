package io.orchestrator.functions;

import io.orchestrator.catalog.Catalog;
import io.orchestrator.engine.History;
import io.orchestrator.engine.Rerun;
import io.orchestrator.execution.Culprit;
import io.orchestrator.execution.Execution;
import io.orchestrator.execution.Failure;
import io.orchestrator.execution.Pause;
import io.orchestrator.execution.Status;
import io.orchestrator.execution.StepState;
import io.orchestrator.execution.StepStatus;
import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Plan;
import io.orchestrator.flow.Step;
import io.orchestrator.store.ExecutionReads;
import io.orchestrator.store.Stored;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An execution as the API shows it. */
final class ExecutionShown {
  private static final int LINES = 1_000;
  private static final Failure QUARANTINE =
      Failure.fatal(
          "quarantined",
          "what is stored of it contradicts itself, so it was stopped; the audit trail says why");

  private final ExecutionReads reads;
  private final Catalog catalog;

  ExecutionShown(ExecutionReads reads, Catalog catalog) {
    this.reads = reads;
    this.catalog = catalog;
  }

  /**
   * Everything about it.
   *
   * @param from which of its steps comes first, counted from 0
   */
  Map<String, Object> whole(Stored head, int from) {
    Plan plan = catalog.plan(head.tenant(), head.flow(), head.version()).orElse(null);
    boolean quarantined = head.status().equals(Status.QUARANTINED.text());
    Stored stored = withHistory(head);
    Execution execution = quarantined ? History.readable(stored) : History.shown(stored);
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("id", head.id().toString());
    data.put("flow", head.flow());
    data.put("version", head.version());
    data.put("status", head.status());
    data.put("revision", (long) head.revision());
    if (execution.trigger() != null && execution.trigger().containsKey(Rerun.OF)) {
      data.put(Rerun.OF, execution.trigger().get(Rerun.OF));
    }
    data.put("input", execution.input());
    data.put("output", execution.output());
    data.put("error", quarantined ? QUARANTINE.toData() : error(plan, execution));
    data.put("handled", execution.handled());
    data.put("reason", execution.reason());
    data.put("search", reads.attributes(head.tenant(), head.id()));
    data.put("usage", usage(execution));
    data.put("waiting_for", waits(plan, execution));
    data.put("started_at", text(head.startedAt()));
    data.put("ended_at", text(head.endedAt()));
    steps(data, plan, execution, from);
    return data;
  }

  private static Map<String, Object> usage(Execution execution) {
    Map<String, Object> usage = new LinkedHashMap<>();
    usage.put("steps", execution.calls());
    usage.put("tokens", execution.used().tokens());
    usage.put("cost", execution.used().cost());
    return usage;
  }

  /** The head was read first, so the history may have lines that it does not know yet. */
  Stored withHistory(Stored head) {
    List<Stored.Line> lines = new ArrayList<>();
    List<Stored.Line> page;
    do {
      int after = lines.isEmpty() ? 0 : lines.getLast().revision();
      page = reads.history(head.tenant(), head.id(), after, LINES);
      page.stream().filter(line -> line.revision() <= head.revision()).forEach(lines::add);
    } while (page.size() == LINES && lines.getLast().revision() < head.revision());
    return new Stored(
        head.id(),
        head.tenant(),
        head.flow(),
        head.version(),
        head.status(),
        head.revision(),
        head.state(),
        head.dueAt(),
        head.owner(),
        head.leaseUntil(),
        head.strikes(),
        head.traceparent(),
        head.startedAt(),
        head.endedAt(),
        head.readAt(),
        lines);
  }

  private static void steps(Map<String, Object> data, Plan plan, Execution execution, int from) {
    List<StepState> all = execution.steps();
    int first = Math.min(from, all.size());
    int end = Math.min(first + Limits.STEPS_SHOWN_MAX, all.size());
    data.put("steps", all.subList(first, end).stream().map(step -> step(plan, step)).toList());
    data.put("next", end < all.size() ? Page.cursor(Integer.toString(end)) : null);
  }

  private static Map<String, Object> step(Plan plan, StepState state) {
    Step step = plan == null ? null : plan.at(state.path());
    Map<String, Object> data = new LinkedHashMap<>();
    data.put(
        "id", step == null ? state.path().substring(state.path().lastIndexOf('/') + 1) : step.id());
    data.put("path", state.path());
    data.put("status", state.status().text());
    data.put("attempts", (long) state.attempt());
    if (step != null && step.kind() instanceof Kind.Call call) {
      data.put("adapter", state.servedBy().isEmpty() ? call.adapter() : state.servedBy());
      data.put("action", call.action());
    } else {
      data.put("adapter", null);
    }
    data.put("started_at", text(state.startedAt()));
    data.put("ended_at", text(state.endedAt()));
    data.put("duration_ms", duration(state));
    data.put("output", state.output());
    data.put("error", state.failure() == null ? null : error(step, state));
    return data;
  }

  /**
   * Why it failed, with the step that did; a failure that no step had (a cancel, the flow's
   * timeout) names none.
   */
  private static Map<String, Object> error(Plan plan, Execution execution) {
    if (execution.failure() == null) {
      return null;
    }
    StepState failed = Culprit.of(execution.steps(), "", execution.failure());
    return failed == null
        ? execution.failure().toData()
        : error(plan == null ? null : plan.at(failed.path()), failed);
  }

  private static Map<String, Object> error(Step step, StepState state) {
    Map<String, Object> error = state.failure().toData();
    error.put("step", step == null ? state.path() : step.id());
    error.put("attempt", (long) state.attempt());
    return error;
  }

  private static Long duration(StepState state) {
    return state.endedAt() == null || state.startedAt() == null
        ? null
        : Duration.between(state.startedAt(), state.endedAt()).toMillis();
  }

  private static List<Map<String, Object>> waits(Plan plan, Execution execution) {
    List<Map<String, Object>> waits = new ArrayList<>();
    for (StepState state : execution.active()) {
      if (state.status() == StepStatus.WAITING) {
        Map<String, Object> wait = new LinkedHashMap<>();
        Step step = plan == null ? null : plan.at(state.path());
        wait.put("step", step == null ? state.path() : step.id());
        about(step, state, wait);
        wait.put("until", text(state.due()));
        waits.add(wait);
      }
    }
    return waits;
  }

  private static void about(Step step, StepState state, Map<String, Object> wait) {
    switch (step == null ? null : step.kind()) {
      case Kind.Wait ignored -> wait.put("kind", "timer");
      case Kind.AwaitSignal signal -> {
        wait.put("kind", "signal");
        wait.put("signal", signal.name());
      }
      case Kind.AwaitEvent event -> {
        wait.put("kind", "event");
        wait.put("event", event.type());
        wait.put("key", state.pause() instanceof Pause.Listening l ? l.key() : null);
      }
      case Kind.Approve ignored -> {
        wait.put("kind", "approval");
        wait.put("question", state.pause() instanceof Pause.Asked asked ? asked.question() : null);
      }
      case Kind.SubFlow flow -> {
        wait.put("kind", "flow");
        wait.put("flow", flow.flow());
        wait.put(
            "execution", state.call() instanceof Map<?, ?> call ? call.get("execution") : null);
      }
      case null, default -> wait.put("kind", "callback");
    }
  }

  private static String text(Instant at) {
    return at == null ? null : at.toString();
  }
}
