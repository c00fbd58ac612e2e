package io.orchestrator.engine;

import io.orchestrator.execution.Effect;
import io.orchestrator.execution.Execution;
import io.orchestrator.execution.StateMachine;
import io.orchestrator.flow.Plan;
import io.orchestrator.queue.Hint;
import io.orchestrator.queue.QueueName;
import io.orchestrator.store.Stored;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Lets an execution go: keeps it as it stands for whoever takes the hint, and sends that hint.
 *
 * @param traceparent the trace that the execution belongs to; null if it belongs to none
 */
record LettingGo(Parts parts, Plan plan, String traceparent) {
  /** Sends the hint for what is to be done next. */
  void handOver(Execution execution, List<Stored.Line> history) {
    if (isRunnable(execution)) {
      keep(execution, history);
      hint(execution);
    } else {
      parts.recent().keep(execution, history);
      rests(execution);
      wakeLater(execution);
    }
  }

  /**
   * Leaves a timer to the queue if that can hold a message so long; else the sweeper wakes it.
   *
   * @param rest until the earliest timer; null if none is running
   */
  void park(Execution execution, Duration rest) {
    rests(execution);
    wake(execution, rest);
  }

  /** Tells whoever has the execution in hand, if the queue finds it, to look again. */
  void hint(Execution execution) {
    QueueName queue =
        !parts.options().slow() && nextIsSlow(execution) ? QueueName.SLOW : QueueName.STEP;
    parts.hint(queue, execution, Hint.Kind.RUN, Duration.ZERO, traceparent);
  }

  /** Whether a call could be made now. */
  boolean isRunnable(Execution execution) {
    return StateMachine.effects(plan, execution, parts.time().now()).stream()
        .anyMatch(Effect.RunStep.class::isInstance);
  }

  /** Whether a call that could be made now may take longer than a quick process has. */
  boolean nextIsSlow(Execution execution) {
    return StateMachine.effects(plan, execution, parts.time().now()).stream()
        .anyMatch(
            effect ->
                effect instanceof Effect.RunStep run && parts.isSlow(plan, execution, run.path()));
  }

  /** When the earliest timer is due; null if none is running. */
  Instant nextWake(Execution execution, Instant now) {
    Instant earliest = null;
    for (Effect effect : StateMachine.effects(plan, execution, now)) {
      if (effect instanceof Effect.WakeAt wake
          && (earliest == null || wake.due().isBefore(earliest))) {
        earliest = wake.due();
      }
    }
    return earliest;
  }

  private void wakeLater(Execution execution) {
    Instant wake = nextWake(execution, parts.time().now());
    wake(execution, wake == null ? null : Duration.between(parts.time().now(), wake));
  }

  private void wake(Execution execution, Duration rest) {
    if (rest != null && rest.compareTo(Limits.HINT_DELAY_MAX) <= 0) {
      parts.hint(
          QueueName.STEP,
          execution,
          Hint.Kind.WAKE,
          rest.isNegative() ? Duration.ZERO : rest,
          traceparent);
    }
  }

  /** Much may happen until it wakes, so whoever wakes it has to read how it stands then. */
  private void rests(Execution execution) {
    parts.handovers().release(execution);
    parts.handovers().forget(execution.id(), execution.revision());
  }

  private void keep(Execution execution, List<Stored.Line> history) {
    parts.handovers().release(execution);
    parts
        .handovers()
        .keep(new Handovers.Handover(plan.flow(), plan.version(), execution, List.copyOf(history)));
  }
}
