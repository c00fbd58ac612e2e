package io.orchestrator.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.generator.RandomFlow;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The test of the simulation: it catches engines that are broken on purpose. */
class BrokenEnginesTest {
  private static final int FLOWS_MAX = 2_000;

  @ParameterizedTest
  @EnumSource(BrokenEngines.class)
  void an_engine_that_is_broken_on_purpose_is_caught(BrokenEngines broken) {
    assertThat(objection(broken)).as("what the simulation says of %s", broken).isNotNull();
  }

  /** What is wrong with it, by the first flow that shows it; null if none does. */
  private static String objection(BrokenEngines broken) {
    for (long i = 0; i < FLOWS_MAX; i++) {
      long seed = SimulationTest.seed(i);
      try {
        var _ = Trial.of(seed, RandomFlow.bundle(seed), broken);
      } catch (AssertionError caught) {
        return caught.getMessage();
      }
    }
    return null;
  }
}
