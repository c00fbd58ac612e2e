package io.orchestrator.functions;

import io.orchestrator.queue.Hint;
import io.orchestrator.queue.Hints;
import io.orchestrator.queue.Outgoing;
import io.orchestrator.queue.QueueName;
import io.orchestrator.store.Sweeps;
import io.orchestrator.telemetry.Log;
import io.orchestrator.telemetry.Metrics;
import java.util.List;
import java.util.Map;

/** One sweep: every execution that somebody should have looked at gets a hint. */
final class Sweeper {
  private static final int HINTS_MAX = 500;

  private final Sweeps sweeps;
  private final Hints hints;
  private final Metrics metrics;

  Sweeper(Sweeps sweeps, Hints hints, Metrics metrics) {
    this.sweeps = sweeps;
    this.hints = hints;
    this.metrics = metrics;
  }

  /** Returns how many hints were sent. */
  int sweep() {
    List<Sweeps.Due> due = sweeps.due(HINTS_MAX);
    if (due.isEmpty()) {
      return 0;
    }
    int sent = hints.send(due.stream().map(Sweeper::hint).toList());
    metrics.count("Swept", due.size(), Map.of());
    Log.event("swept", "due", due.size(), "sent", sent);
    return sent;
  }

  /** A wait whose timer is due is nobody's failure; all else is taken over from whoever had it. */
  private static Outgoing hint(Sweeps.Due due) {
    Hint.Kind kind = due.status().equals("waiting") ? Hint.Kind.WAKE : Hint.Kind.SWEPT;
    return Outgoing.now(QueueName.STEP, new Hint(due.tenant(), due.execution(), due.revision(), kind));
  }
}
