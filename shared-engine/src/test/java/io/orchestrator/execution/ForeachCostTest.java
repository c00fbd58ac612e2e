package io.orchestrator.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.flow.Plan;
import io.orchestrator.testing.Flows;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

/** What a foreach costs grows as its items do, and no faster. */
class ForeachCostTest {
  private static final double RATIO_MAX = 11;
  private static final int ROUNDS = 7;
  private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();

  /** Bytes written and nanoseconds of CPU spent by deciding, writing and folding. */
  private record Cost(long bytes, long nanos) {}

  private static Plan pausing() {
    return Flows.plan(
        "flow: each\nsteps:\n  - each:\n      foreach: $input\n"
            + "      do:\n        - x: {wait: 1m}\n        - y: {set: {last: $item.n}}\n");
  }

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
      Effect next = StateMachine.effects(plan, execution, now).getFirst();
      now = next instanceof Effect.WakeAt wake && wake.due().isAfter(now) ? wake.due() : now;
      event = happens(next, now);
    }
  }

  private static Event happens(Effect effect, Instant now) {
    return switch (effect) {
      case Effect.RunStep run ->
          new Event.StepSucceeded(run.path(), run.attempt(), Map.of("ok", true), "", now);
      case Effect.WakeAt ignored -> new Event.TimeElapsed(now);
    };
  }

  /**
   * Many items once against few of them ten times, next to each other: what else goes on hits both.
   */
  private static double times(Plan plan) {
    long many = run(plan, 10_000).nanos();
    long few = 0;
    for (int i = 0; i < 10; i++) {
      few += run(plan, 1_000).nanos();
    }
    return 10.0 * many / few;
  }

  private static void costs(Plan plan, String what) {
    run(plan, 10_000); // what is measured then is compiled
    double bytes = (double) run(plan, 10_000).bytes() / run(plan, 1_000).bytes();
    double[] times = DoubleStream.generate(() -> times(plan)).limit(ROUNDS).sorted().toArray();

    assertThat(bytes).as("bytes written, %s", what).isLessThan(RATIO_MAX);
    assertThat(times[ROUNDS / 2])
        .as("time taken, %s: %s", what, Arrays.toString(times))
        .isLessThan(RATIO_MAX);
  }

  @Test
  void ten_times_the_items_take_ten_times_the_bytes_and_the_time() {
    costs(plan(1), "one after the other");
    costs(plan(20), "twenty at a time");
  }

  @Test
  void so_do_items_that_pause() {
    costs(pausing(), "pausing");
  }
}
