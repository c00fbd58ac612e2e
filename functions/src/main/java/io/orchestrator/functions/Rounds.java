package io.orchestrator.functions;

import io.orchestrator.catalog.Timetable;
import io.orchestrator.engine.Sweeper;
import io.orchestrator.telemetry.Log;
import io.orchestrator.telemetry.Metrics;
import java.util.Map;

/** Looks for what is due, sends its hints, and attends to the schedules among it. */
final class Rounds {
  private final Sweeper sweeper;
  private final Lazy<Timetable> timetable;
  private final Metrics metrics;

  /**
   * @param timetable made when the first schedule is due
   */
  Rounds(Sweeper sweeper, Lazy<Timetable> timetable, Metrics metrics) {
    this.sweeper = sweeper;
    this.timetable = timetable;
    this.metrics = metrics;
  }

  /** Looks once. Costs one transaction if nothing is due. */
  Sweeper.Swept look() {
    return attended(sweeper.sweep());
  }

  /** The same if nobody has looked for a while. */
  Sweeper.Swept helpOut() {
    return attended(sweeper.helpOut());
  }

  private Sweeper.Swept attended(Sweeper.Swept swept) {
    if (!swept.schedules().isEmpty()) {
      int started = timetable.get().attend(swept.schedules());
      metrics.count("Scheduled", started, Map.of());
      Log.event("scheduled", "due", swept.schedules().size(), "started", started);
    }
    return swept;
  }

  void keepHouse() {
    sweeper.keepHouse();
  }
}
