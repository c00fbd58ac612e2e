package io.orchestrator.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.flow.Plan;
import io.orchestrator.testing.Flows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import net.jqwik.api.AfterFailureMode;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/**
 * Random flows in a random world: whatever is doubled, late, shuffled or lost, every start comes to
 * one end, and to the same. A failure names the seed of its flow: it belongs into {@code
 * random-flows.seeds} with the repair, and {@code -Dflows.seed=SEED} runs it alone.
 */
class RandomFlowsProperties {

  @Example
  void flows_that_failed_once_run_first() {
    seeds().forEach(RandomFlowsProperties::comes_to_its_end);
  }

  @Property(
      tries = 2_000,
      shrinking = ShrinkingMode.OFF,
      edgeCases = EdgeCasesMode.NONE,
      afterFailure = AfterFailureMode.PREVIOUS_SEED)
  void every_flow_comes_to_its_end_in_any_world(@ForAll("seedsOfFlows") long seed) {
    comes_to_its_end(seed);
  }

  @Provide
  Arbitrary<Long> seedsOfFlows() {
    Long chosen = Long.getLong("flows.seed");
    return chosen == null ? Arbitraries.randomValue(Random::nextLong) : Arbitraries.just(chosen);
  }

  private static void comes_to_its_end(long seed) {
    String text = GeneratedFlows.text(seed);
    try {
      Plan plan = Flows.plan(text);
      Simulation calm = Simulation.undisturbed(plan, seed);
      Simulation rough = Simulation.disturbed(plan, seed);
      if (calm.comparable() && rough.comparable()) {
        assertThat(rough.result()).isEqualTo(calm.result());
      }
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("seed " + seed + " fails: " + e.getMessage() + "\n" + text, e);
    }
  }

  private static List<Long> seeds() {
    try (var kept = RandomFlowsProperties.class.getResourceAsStream("random-flows.seeds")) {
      return new String(kept.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.replaceFirst("#.*", "").strip())
          .filter(line -> !line.isEmpty())
          .map(Long::valueOf)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
