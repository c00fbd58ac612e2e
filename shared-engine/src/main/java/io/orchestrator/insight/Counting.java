package io.orchestrator.insight;

import io.orchestrator.engine.History;
import io.orchestrator.engine.PlanSource;
import io.orchestrator.execution.Culprit;
import io.orchestrator.execution.Execution;
import io.orchestrator.execution.Status;
import io.orchestrator.execution.StepState;
import io.orchestrator.execution.StepStatus;
import io.orchestrator.expression.Json;
import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Plan;
import io.orchestrator.flow.Step;
import io.orchestrator.store.Stored;
import io.orchestrator.store.Summary;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the summary of ended executions up to date. An execution that ended, was retried and ended
 * again counts with its last end: with it, what it counted before is taken back.
 */
public final class Counting {
  static final String EXECUTION = "execution";
  static final String STEP = "step";
  static final String ATTEMPT = "attempt";
  static final String STEP_FAILED = "step_failed";
  static final String FAILURE = "failure";

  private static final Logger LOG = LoggerFactory.getLogger(Counting.class);
  private static final int HOUR_SECONDS = 3_600;
  private static final int LABEL_CHARS_MAX = 300;

  /** An hour of figures is kept that long. */
  private static final Duration KEPT = Duration.ofDays(750);

  /** The lines that end an execution, and how they do. */
  private static final Map<String, Status> ENDS =
      Map.of(
          "execution_completed", Status.COMPLETED,
          "execution_failed", Status.FAILED,
          "execution_cancelled", Status.CANCELLED,
          "execution_timed_out", Status.TIMED_OUT,
          "execution_compensated", Status.COMPENSATED,
          "compensation_failed", Status.COMPENSATION_FAILED);

  private final Summary summary;
  private final PlanSource plans;

  public Counting(Summary summary, PlanSource plans) {
    this.summary = summary;
    this.plans = plans;
  }

  /** Counts what has ended since, at most a few thousand ends; says how many. */
  public int count() {
    return summary.count(this::weigh);
  }

  /** Forgets hours that are too old. */
  public int purge() {
    return summary.purge(KEPT);
  }

  private Map<Summary.Key, Long> weigh(List<Summary.End> ends) {
    Map<Summary.Key, Long> counts = new HashMap<>();
    for (Summary.End end : ends) {
      if (end.history().isEmpty()) {
        new Weight(end, end.at(), 1, counts).outcome(ENDS.get(end.event()));
      } else {
        weigh(end, end.revision(), 1, counts);
        int before = endBefore(end);
        if (before > 0) {
          weigh(end, before, -1, counts);
        }
      }
    }
    return counts;
  }

  /** The revision at which it had ended before, if that was counted; 0 if it had not. */
  private static int endBefore(Summary.End end) {
    return end.history().stream()
        .filter(line -> line.revision() < end.revision())
        .filter(line -> line.step() == null && ENDS.containsKey(line.event()))
        .filter(line -> !line.at().isBefore(end.since()))
        .mapToInt(Stored.Line::revision)
        .max()
        .orElse(0);
  }

  private void weigh(Summary.End end, int revision, long n, Map<Summary.Key, Long> counts) {
    List<Stored.Line> lines = end.history().subList(0, Math.min(revision, end.history().size()));
    Execution execution = History.readable(stored(end, lines));
    if (execution.revision() != revision || !execution.status().isFinal()) {
      LOG.warn(
          "The end of {} at revision {} is not in the figures: it reads as {} at {}",
          end.execution(),
          revision,
          execution.status().text(),
          execution.revision());
      return;
    }
    Plan plan = plans.plan(end.tenant(), end.flow(), end.version()).orElse(null);
    Weight weight = new Weight(end, lines.getLast().at(), n, counts);
    weight.outcome(execution.status());
    weight.failure(execution, plan);
    if (plan != null) {
      execution.steps().forEach(state -> weight.step(state, plan.at(state.path())));
    }
  }

  private static Stored stored(Summary.End end, List<Stored.Line> lines) {
    return new Stored(
        end.execution(),
        end.tenant(),
        end.flow(),
        end.version(),
        "",
        lines.size(),
        "",
        null,
        null,
        null,
        0,
        null,
        end.startedAt(),
        null,
        Instant.EPOCH,
        lines);
  }

  /** What one end of one execution adds to the counts of its hour, or takes from them. */
  private record Weight(Summary.End end, Instant at, long n, Map<Summary.Key, Long> counts) {

    void outcome(Status status) {
      add(EXECUTION, status.text(), Histogram.bucket(Duration.between(end.startedAt(), at)), n);
    }

    void failure(Execution execution, Plan plan) {
      boolean failed =
          execution.status() != Status.COMPLETED && execution.status() != Status.CANCELLED;
      if (failed && execution.failure() != null) {
        StepState culprit = Culprit.of(execution.steps(), "", execution.failure());
        Step step = culprit == null || plan == null ? null : plan.at(culprit.path());
        String id = step == null ? "" : step.id();
        add(FAILURE, Json.write(List.of(shortened(execution.failure().type()), id)), 0, n);
      } else if (execution.status() == Status.TIMED_OUT) {
        add(FAILURE, Json.write(List.of("timeout", "")), 0, n);
      }
    }

    /** Calls of adapters that came to an end. */
    void step(StepState state, Step step) {
      boolean ended = state.startedAt() != null && state.endedAt() != null && state.attempt() > 0;
      if (!ended || step == null || !(step.kind() instanceof Kind.Call call)) {
        return;
      }
      boolean failed = state.status() == StepStatus.FAILED;
      if (!failed
          && state.status() != StepStatus.COMPLETED
          && state.status() != StepStatus.COMPENSATED) {
        return;
      }
      String adapter = state.servedBy().isEmpty() ? call.adapter() : state.servedBy();
      add(STEP, adapter, Histogram.bucket(Duration.between(state.startedAt(), state.endedAt())), n);
      add(ATTEMPT, adapter, 0, n * state.attempt());
      if (failed) {
        add(STEP_FAILED, adapter, 0, n);
      }
    }

    private void add(String measure, String label, int bucket, long count) {
      Summary.Key key =
          new Summary.Key(
              end.tenant(),
              end.flow(),
              at.getEpochSecond() / HOUR_SECONDS,
              measure,
              end.version(),
              label,
              bucket);
      counts.merge(key, count, Long::sum);
    }

    private static String shortened(String text) {
      return text.length() <= LABEL_CHARS_MAX ? text : text.substring(0, LABEL_CHARS_MAX);
    }
  }
}
