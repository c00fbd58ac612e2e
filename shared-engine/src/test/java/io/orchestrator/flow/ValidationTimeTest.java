package io.orchestrator.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What it costs to check a flow as large as flows may be. */
class ValidationTimeTest {
  private static final Duration WARM_MAX = Duration.ofMillis(20);
  private static final int ROUNDS = 300;

  @Test
  void a_flow_of_fifty_steps_is_checked_within_20_ms_once_warm() {
    StringBuilder text =
        new StringBuilder(
            "flow: large\n"
                + "input: {name: string, age: integer, tags: [string]}\n"
                + "vars: {n: 0}\n"
                + "steps:\n");
    for (int i = 0; i < FlowLimits.STEPS_MAX; i++) {
      text.append(
          """
            - step%1$d:
                adapter: ai
                when: $input.age > %1$d and 'x' in $input.tags
                params:
                  text: "Hello ${ $input.name }, you are number ${ $input.age + %1$d }"
                  before: %2$s
                retry: {attempts: 3, when: $error.status >= 500}
                output: {value: $result.value ?? 0}
          """
              .formatted(i, i == 0 ? "null" : "$step" + (i - 1) + ".value + $vars.n"));
    }
    long least = Long.MAX_VALUE;
    for (int i = 0; i < ROUNDS; i++) {
      long begun = System.nanoTime();
      FlowValidation validation = FlowValidation.validate(text.toString(), Examples.NAMES);
      least = Math.min(least, System.nanoTime() - begun);
      assertThat(validation.errors()).isEmpty();
    }
    System.out.printf("a flow of 50 steps: %.2f ms warm%n", least / 1e6);
    assertThat(Duration.ofNanos(least)).isLessThan(WARM_MAX);
  }
}
