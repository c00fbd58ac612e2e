package io.orchestrator.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * Random flows through the real engine in a simulated world: whatever is lost, doubled or late, and
 * wherever a process dies, every start comes to one end, one that the reference model allows.
 * {@code -Dsimulation.flows=20000} runs more, {@code -Dsimulation.seed=SEED} one alone; a seed that
 * failed belongs into {@code kept.seeds} with its reason.
 */
class SimulationTest {
  private static final int FLOWS = Integer.getInteger("simulation.flows", 5_000);

  @Test
  void every_flow_comes_to_an_end_that_the_model_allows_in_every_world() {
    Trial.Count all = new Trial.Count(0, 0, 0);
    int failed = 0;
    Long alone = Long.getLong("simulation.seed");
    for (int i = 0; i < (alone == null ? FLOWS : 1); i++) {
      long seed = alone == null ? i * 0x9e3779b97f4a7c15L : alone;
      var tree = RandomFlow.tree(seed);
      try {
        all = all.plus(Trial.of(seed, tree, World.Breakage.NONE));
      } catch (AssertionError wrong) {
        System.out.println("DEV " + seed + " " + wrong.getMessage().lines().findFirst().get());
        failed++;
        if (alone != null) throw new AssertionError(
            "seed " + seed + " (" + i + ") fails " + wrong.getMessage() + "\n" + FlowText.yaml(tree),
            wrong);
        if (failed > Integer.getInteger("dev", 12)) break;
      }
    }
    System.out.println(all);
    assertThat(failed).isZero();
    assertThat(all.judged()).isGreaterThan(0);
  }
}
