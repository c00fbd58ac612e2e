package io.orchestrator.engine;

import io.orchestrator.execution.Status;
import io.orchestrator.queue.Hint;
import io.orchestrator.queue.Hints;
import io.orchestrator.queue.Outgoing;
import io.orchestrator.queue.QueueName;
import io.orchestrator.store.Sweeps;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Finds executions that nobody looks at, from the database alone, and sends the hints again. It
 * runs no step itself.
 */
public final class Sweeper {
  /** Executions that ended longer ago are deleted. */
  public static final Duration RETENTION = Duration.ofDays(90);

  /** One round of housekeeping deletes at most so many batches, so that it never takes long. */
  private static final int PURGE_BATCHES_MAX = 20;

  /**
   * A queued execution whose hint may merely still be queued is called for again only after that
   * many rests (2 + 4 + 8 s).
   */
  private static final int CALLS_IN_BACKLOG = 3;

  private final Sweeps sweeps;
  private final Hints hints;

  public Sweeper(Sweeps sweeps, Hints hints) {
    this.sweeps = sweeps;
    this.hints = hints;
  }

  /**
   * What a sweep has done.
   *
   * @param sent how many hints
   * @param next after that time another sweep may find something; null if nothing will be due
   *     unless somebody commits
   * @param schedules ids of those that are due: whoever sweeps attends to them
   */
  public record Swept(int sent, Duration next, List<UUID> schedules) {}

  /** Sends hints for what is due. Costs one transaction. */
  public Swept sweep() {
    return sweep(Duration.ZERO);
  }

  /**
   * The same if nobody has swept for a while, which is so when no ticks come: then whoever runs
   * steps helps out.
   */
  public Swept helpOut() {
    return sweep(Limits.SWEEP_MISSED);
  }

  private Swept sweep(Duration unlessWithin) {
    Sweeps.Found found = sweeps.find(Limits.SWEEP_MAX, unlessWithin);
    List<Sweeps.Due> due = found.due();
    long queued = due.stream().filter(Sweeper::isQueued).count();
    boolean backlog = queued * 2 > Limits.SWEEP_MAX;
    List<Outgoing> outgoing = new ArrayList<>();
    List<UUID> schedules = new ArrayList<>(0);
    for (Sweeps.Due one : due) {
      if (one.status().equals(Sweeps.SCHEDULE)) {
        schedules.add(one.execution());
        continue;
      }
      if (one.status().equals(Sweeps.EVENT)) {
        outgoing.add(
            Outgoing.now(
                QueueName.STEP, new Hint(one.tenant(), one.execution(), 0, Hint.Kind.EVENT)));
        continue;
      }
      if (one.status().equals(Sweeps.BULK)) {
        Hint turn = new Hint(one.tenant(), one.execution(), one.revision(), Hint.Kind.BULK);
        outgoing.add(Outgoing.now(QueueName.STEP, turn));
        continue;
      }
      boolean leftAlone = backlog && isQueued(one) && one.calls() < CALLS_IN_BACKLOG;
      if (!leftAlone) {
        outgoing.add(
            Outgoing.now(
                QueueName.STEP,
                new Hint(one.tenant(), one.execution(), one.revision(), Hint.Kind.SWEPT)));
      }
    }
    int sent = outgoing.isEmpty() ? 0 : hints.send(outgoing);
    return new Swept(sent, found.ahead(), List.copyOf(schedules));
  }

  private static boolean isQueued(Sweeps.Due due) {
    return due.status().equals(Status.QUEUED.text());
  }

  /**
   * Makes the partitions to come and deletes what has outlived its retention; once an hour is
   * enough.
   */
  public void keepHouse() {
    sweeps.partitions();
    sweeps.expiredMonths(RETENTION).forEach(month -> sweeps.dropMonth(month, RETENTION));
    sweeps.purge(RETENTION, PURGE_BATCHES_MAX);
  }
}
