package io.orchestrator.simulation;

import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The smallest flows that have shown a fault of the engine, each through every world: a crash at
 * each point, people who pause it, a bad queue.
 */
class SmallestFlowsTest {
  private static final String INNER =
      """
      flow: inner
      steps: [{c1: {wait: 30s}}]
      """;

  /** The seed that has shown it, and a few more for luck. */
  private static void holds(long found, String... flows) {
    Map<String, Object> bundle = FlowText.bundle(flows);
    var _ = Trial.of(found, bundle, World.Breakage.NONE);
    for (long seed = 1; seed <= 12; seed++) {
      var _ = Trial.of(seed, bundle, World.Breakage.NONE);
    }
  }

  @Test
  void a_sub_flow_that_a_lost_process_has_started_is_found_again() {
    holds(
        -8074031068348523331L,
        """
        flow: random
        steps: [{s1: {set: {v1: $input.n}}}]
        finally: [{s2: {flow: inner}}]
        """,
        INNER);
  }

  @Test
  void a_sub_flow_that_ended_before_its_lost_attempt_was_known_to_have_begun_counts() {
    holds(
        -2901808293416903542L,
        """
        flow: random
        steps:
          - s1:
              parallel:
                - s2: {flow: inner, retry: {attempts: 3, backoff: [100ms, 2s]}, timeout: 1s}
                - s3: {do: [{s4: {adapter: a, retry: {attempts: 3, jitter: none, when: $error.data > 1}}}]}
                - s5: {emit: {type: told.s5, key: k, data: {n: $input.n}}, when: $input.yes, output: "${ $input.n }!"}
                - s6: {adapter: c, params: {n: $input.n}}
        """,
        """
        flow: inner
        steps: [{c1: {adapter: a, retry: {attempts: 3, delay: 5m}}}]
        """);
  }

  @Test
  void a_sub_flow_that_timed_out_is_repeated_as_its_step_says() {
    holds(
        313490885347793156L,
        """
        flow: random
        steps:
          - s2: {parallel: [{s4: {flow: inner, retry: {}}}]}
        """,
        """
        flow: deep
        steps: [{d2: {adapter: b}}]
        """,
        """
        flow: inner
        steps:
          - c1: {wait: 500ms}
          - c2: {if: $c1 != null, then: [{c3: {flow: deep}}], else: [{c4: {flow: deep}}], timeout: 1s}
        """);
  }

  @Test
  void a_sub_flow_that_was_cancelled_and_undone_is_told_as_cancelled() {
    holds(
        1,
        """
        flow: random
        steps:
          - s1: {flow: inner, on_error: [{catch: [cancelled], steps: [{s2: {adapter: a}}], then: continue}]}
        """,
        """
        flow: inner
        steps:
          - c1: {adapter: b, compensate: {adapter: c}}
          - c2: {await: {signal: never, timeout: 1d}}
        on_cancel: {steps: [{c3: {set: {told: true}}}], then: compensate}
        """);
  }

  @Test
  void a_sub_flow_is_not_started_when_the_budget_is_used_up() {
    holds(
        2,
        """
        flow: random
        budget: {steps: 1}
        steps: [{s1: {adapter: a}}, {s2: {flow: inner}}]
        """,
        INNER);
  }

  @Test
  void a_step_is_not_repeated_by_its_handler_when_that_has_used_up_the_budget() {
    holds(
        3,
        """
        flow: random
        budget: {tokens: 1}
        steps:
          - s1: {do: [{s2: {raise: {type: raised.low}}}], on_error: {steps: [{s3: {adapter: a}}], then: retry}}
        """);
    holds(
        3,
        """
        flow: random
        budget: {tokens: 1}
        steps: [{s1: {adapter: a, output: "$input.n + 'x'", on_error: {steps: [{s2: {adapter: b}}], then: retry}}}]
        """);
  }

  @Test
  void what_may_be_called_once_is_not_called_again_by_a_resume_after_its_process_was_lost() {
    holds(
        8547836812686225862L,
        """
        flow: random
        steps:
          - s1: {do: [{s2: {adapter: a}}], finally: [{s3: {adapter: a, delivery: at_most_once}}]}
        """);
  }

  @Test
  void an_execution_that_waits_is_not_swept_although_its_process_had_a_call_in_flight() {
    holds(
        SimulationTest.seed(1231),
        """
        flow: random
        steps:
          - s1: {adapter: a}
          - s2: {do: [{s3: {adapter: b}}, {s4: {adapter: c}}], timeout: 1s}
        finally: [{s5: {wait: 1d}}]
        """);
  }

  @Test
  void a_turn_whose_execution_was_never_stored_is_free_again() {
    holds(
        2298681937012504954L,
        """
        flow: random
        concurrency: {limit: 1}
        steps: [{s1: {adapter: b}}]
        """);
  }
}
