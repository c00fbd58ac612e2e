package io.orchestrator.simulation;

import io.orchestrator.queue.Hint;
import io.orchestrator.queue.Hints;
import io.orchestrator.queue.Outgoing;
import java.util.List;

/** A queue of which a process knows only the sending end; it may lose, double, delay, reorder. */
final class SimulatedQueue implements Hints {
  private static final int RECEIVES_MAX = 5;
  private static final long VISIBILITY = 30_000_000;
  private final World world;
  private final Worker sender;

  /**
   * @param sender null: the sweeper
   */
  SimulatedQueue(World world, Worker sender) {
    this.world = world;
    this.sender = sender;
  }

  @Override
  public int send(List<Outgoing> hints) {
    if (sender != null) {
      sender.port("send");
    }
    hints.forEach(this::send);
    return hints.size();
  }

  private void send(Outgoing outgoing) {
    Faults faults = world.faults();
    long delay = outgoing.delay().toNanos() / 1_000;
    int copies = faults.sometimes(10) ? 0 : faults.sometimes(20) ? 1 + faults.upTo(4) : 1;
    for (int i = 0; i < copies; i++) {
      long late = faults.sometimes(20) ? faults.upTo(20_000_000) : 0;
      world.later(delay + late, () -> deliver(outgoing.hint(), 1));
    }
  }

  private void deliver(Hint hint, int receives) {
    boolean done = world.attempt(process -> process.engine().advance(hint, world.budget()));
    if (!done && receives < RECEIVES_MAX) {
      world.later(VISIBILITY, () -> deliver(hint, receives + 1));
    }
  }

  @Override
  public void close() {}
}
