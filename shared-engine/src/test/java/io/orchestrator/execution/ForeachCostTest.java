package io.orchestrator.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.flow.Plan;
import io.orchestrator.testing.Flows;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a foreach costs grows as its items do, and no faster. */
class ForeachCostTest {
  private static final double BYTES_RATIO_MAX = 11;

  /** Idle it is below 11, too; other work adds to it, and what is quadratic gives a hundred. */
  private static final double TIME_RATIO_MAX = 15;

  private static final int RUNS = 9;
  private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();

  /** Bytes written and nanoseconds of CPU spent by deciding, writing and folding. */
  private record Cost(long bytes, long nanos) {}

  private static Plan plan(int concurrency) {
    return Flows.plan(
        "flow: each\nsteps:\n  - each:\n      foreach: $input\n      concurrency: "
            + concurrency
            + "\n      do:\n        - x: {adapter: a, params: {n: $item.n}}\n"
            + "        - y: {set: {last: $x.ok}}\n");
  }

  private static Cost run(Plan plan, int items) {
    List<Object> input = new ArrayList<>();
    for (int i = 0; i < items; i++) {
      input.add(Map.of("n", 100_000L + i));
    }
    Instant now = Story.NOON;
    long begun = CPU.getCurrentThreadCpuTime();
    long bytes = 0;
    Execution execution = Execution.blank(Story.ID, "acme");
    Event event = new Event.Triggered(input, null, now);
    while (true) {
      Decision.Taken taken = (Decision.Taken) StateMachine.decide(plan, execution, event);
      for (Transition line : taken.transitions()) {
        Notation.Written written = Notation.write(line);
        bytes += written.data().getBytes(StandardCharsets.UTF_8).length;
        execution = execution.after(Notation.read(written), now);
      }
      bytes += execution.frontier().getBytes(StandardCharsets.UTF_8).length;
      if (execution.status().isFinal()) {
        assertThat(execution.status()).isEqualTo(Status.COMPLETED);
        return new Cost(bytes, CPU.getCurrentThreadCpuTime() - begun);
      }
      event = next(plan, execution, now);
    }
  }

  private static Event next(Plan plan, Execution execution, Instant now) {
    return switch (StateMachine.effects(plan, execution, now).getFirst()) {
      case Effect.RunStep run ->
          new Event.StepSucceeded(run.path(), run.attempt(), Map.of("ok", true), "", now);
      case Effect.WakeAt ignored -> new Event.TimeElapsed(now);
    };
  }

  private static double fastest(Plan plan, int items) {
    long best = Long.MAX_VALUE;
    for (int i = 0; i < RUNS; i++) {
      best = Math.min(best, run(plan, items).nanos());
    }
    return best;
  }

  @Test
  void ten_times_the_items_take_ten_times_the_bytes_and_the_time() {
    for (int concurrency : new int[] {1, 20}) {
      Plan plan = plan(concurrency);
      run(plan, 10_000); // what is measured then is compiled
      run(plan, 1_000);
      double bytes = (double) run(plan, 10_000).bytes() / run(plan, 1_000).bytes();
      double time = fastest(plan, 10_000) / fastest(plan, 1_000);

      assertThat(bytes)
          .as("bytes written, concurrency %d", concurrency)
          .isLessThan(BYTES_RATIO_MAX);
      assertThat(time).as("time taken, concurrency %d", concurrency).isLessThan(TIME_RATIO_MAX);
    }
  }
}
