package io.orchestrator.execution;

import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Plan;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Goes along with a history for what one step saw as it ended last or, if it is at work, sees now.
 */
public final class Witness {
  private static final String HIDDEN = "***";

  private final Plan plan;
  private final Instance step;
  private Execution latest;
  private Execution before;
  private Change end;
  private String event;

  /**
   * @param path of the step's instance, as {@link Lookback#path} gives it
   */
  public Witness(Plan plan, String path) {
    this.plan = plan;
    this.step = Instance.at(plan, path);
  }

  /** The next line of the history, between what it was added to and what came of it. */
  public void line(Execution from, Transition line, Execution to) {
    latest = to;
    String path = step.path();
    StepState state = to.step(path);
    if (line.change() instanceof Change.EventTaken taken && taken.path().equals(path)) {
      event = taken.id();
    }
    if (ends(line)) {
      before = from;
      end = line.change();
    } else if (state != null && state.status().isActive()) {
      before = null;
    }
  }

  private boolean ends(Transition line) {
    String path = step.path();
    boolean own =
        switch (line.change()) {
          case Change.StepCompleted c -> c.path().equals(path);
          case Change.StepFailed c -> c.path().equals(path);
          case Change.StepRetrying c -> c.path().equals(path);
          case Change.StepSkipped c -> c.path().equals(path);
          default -> false;
        };
    return own || line.cancelled().contains(path) || line.skipped().contains(path);
  }

  /** What it sees; of an execution without a line, nothing. */
  public Lookback lookback() {
    Execution seen = before == null ? latest : before;
    return new Lookback(plan, seen, step, roots(seen));
  }

  private Map<String, Object> roots(Execution seen) {
    Map<String, Object> roots = new LinkedHashMap<>();
    boolean mapped = step.common().output() != null; // then nobody has kept the result itself
    if (end instanceof Change.StepCompleted done && done.path().equals(step.path()) && !mapped) {
      roots.put("result", done.output());
      if (step.kind() instanceof Kind.AwaitEvent await) {
        roots.put("event", taken(seen, await, done.output()));
      }
    }
    if (StateMachine.awaitsAnswer(step.step())) {
      roots.put("callback", Map.of("url", HIDDEN, "token", HIDDEN));
    }
    Failure failure =
        switch (end) {
          case Change.StepFailed failed -> failed.failure();
          case Change.StepRetrying again -> again.failure();
          case null, default -> null;
        };
    if (failure != null) {
      StepState state = seen.step(step.path());
      int attempt = state == null ? 1 : state.attempt();
      roots.put(
          "error", new View(plan, seen, seen.startedAt()).error(step.path(), failure, attempt));
    }
    return roots;
  }

  private Map<String, Object> taken(Execution seen, Kind.AwaitEvent await, Object data) {
    StepState state = seen.step(step.path());
    Map<String, Object> taken = new LinkedHashMap<>();
    taken.put("id", event);
    taken.put("type", await.type());
    taken.put(
        "key",
        state != null && state.pause() instanceof Pause.Listening listening
            ? listening.key()
            : null);
    taken.put("data", data);
    return taken;
  }
}
