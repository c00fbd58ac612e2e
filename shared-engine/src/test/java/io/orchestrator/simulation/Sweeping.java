package io.orchestrator.simulation;

import io.orchestrator.execution.Status;
import io.orchestrator.queue.Hint;
import io.orchestrator.queue.Outgoing;
import io.orchestrator.queue.QueueName;
import io.orchestrator.store.Events;
import io.orchestrator.store.MemoryExecutionStore;
import io.orchestrator.store.Stored;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Sends hints for what is due and for events that nobody has delivered, ever more seldom. */
final class Sweeping {
  private static final long SECOND = 1_000_000;

  /** An execution that waits for others or for a time needs nobody who looks after it. */
  private static final int CALLS_MAX = 20;

  private final World world;
  private final MemoryExecutionStore store;
  private final Map<UUID, Rest> rests = new HashMap<>();
  private Hint hint;
  private String status;
  private long next;

  private record Rest(int revision, int calls, long until) {}

  Sweeping(World world, MemoryExecutionStore store) {
    this.world = world;
    this.store = store;
  }

  /** When something is due, in microseconds of the world. */
  long next() {
    return next;
  }

  /** Looks what is due first. */
  void look() {
    next = Long.MAX_VALUE;
    for (Stored one : store.all()) {
      if (one.dueAt() != null) {
        consider(
            new Hint(one.tenant(), one.id(), one.revision(), Hint.Kind.SWEPT),
            World.micros(one.dueAt()),
            one.status());
      }
    }
    for (Events.Kept event : store.events().undelivered()) {
      Instant due = event.receivedAt().plus(Events.DELIVERY_GRACE);
      consider(new Hint(event.tenant(), event.id(), 0, Hint.Kind.EVENT), World.micros(due), "");
    }
  }

  private void consider(Hint candidate, long due, String of) {
    Rest rest = rests.get(candidate.execution());
    boolean rested = rest != null && rest.revision == candidate.revision();
    long at = rested ? Math.max(due, rest.until) : due;
    if (at < next) {
      next = at;
      hint = candidate;
      status = of;
    }
  }

  /** Sends the hint for it. */
  void sweep() {
    Rest before = rests.get(hint.execution());
    int calls = before == null || before.revision != hint.revision() ? 0 : before.calls;
    boolean idle = !world.faults().isRough() && status.equals(Status.WAITING.text());
    Truth.must(!idle || calls < CALLS_MAX, "it only waits, but is swept over and over: %s", hint);
    long pause = Duration.ofSeconds(Math.min(60, 2L << Math.min(calls, 6))).toSeconds() * SECOND;
    rests.put(hint.execution(), new Rest(hint.revision(), calls + 1, world.micros() + pause));
    world.chronicle().tell(world.micros(), "swept", hint.kind(), hint.revision());
    new SimulatedQueue(world, null).send(List.of(Outgoing.now(QueueName.STEP, hint)));
  }
}
