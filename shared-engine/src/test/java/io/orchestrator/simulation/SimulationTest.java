package io.orchestrator.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.generator.RandomFlow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Random flows through the real engine in a simulated world: whatever is lost, doubled or late, and
 * wherever a process dies, every start comes to one end, one that the reference model allows.
 * {@code -Dsimulation.flows=20000} runs more, {@code -Dsimulation.seed=SEED} one alone; a seed that
 * failed belongs into {@code kept.seeds} with its reason.
 */
class SimulationTest {
  private static final int FLOWS = Integer.getInteger("simulation.flows", 5_000);

  /** Of the others it cannot tell how they end, because that hangs on an order that is free. */
  private static final double JUDGED_LEAST = 0.95;

  /** Not tried until somebody has settled what is right; each with its reason in that file. */
  private static final Set<Long> OPEN = Set.copyOf(seeds("open.seeds"));

  /** The seed of the flow with that number. */
  static long seed(long number) {
    return number * 0x9e3779b97f4a7c15L;
  }

  @Test
  void flows_that_failed_once_come_to_an_end_that_the_model_allows() {
    for (long seed : seeds("kept.seeds")) {
      tried(seed);
    }
  }

  @Test
  void every_flow_comes_to_an_end_that_the_model_allows_in_every_world() throws Exception {
    Long alone = Long.getLong("simulation.seed");
    if (alone != null) {
      tried(alone);
      return;
    }
    Trial.Count all = everyFlow();
    System.out.println("simulated: " + all);
    assertThat(all.judged() / (double) FLOWS)
        .as("the share of flows of which the model can tell the end: %s", all)
        .isGreaterThan(JUDGED_LEAST);
  }

  /** Each processor takes the next flow that nobody has taken; the first failure ends it. */
  private static Trial.Count everyFlow() throws InterruptedException {
    AtomicInteger next = new AtomicInteger();
    Callable<Trial.Count> work =
        () -> {
          Trial.Count count = Trial.Count.NOTHING;
          try {
            for (int i = next.getAndIncrement(); i < FLOWS; i = next.getAndIncrement()) {
              count = OPEN.contains(seed(i)) ? count : count.plus(tried(seed(i)));
            }
          } finally {
            next.set(FLOWS);
          }
          return count;
        };
    int processors = Runtime.getRuntime().availableProcessors();
    List<Callable<Trial.Count>> works = new ArrayList<>();
    for (int i = 0; i < processors; i++) {
      works.add(work);
    }
    Trial.Count all = Trial.Count.NOTHING;
    try (var pool = Executors.newFixedThreadPool(processors)) {
      for (Future<Trial.Count> one : pool.invokeAll(works)) {
        all = all.plus(one.get());
      }
    } catch (ExecutionException failed) {
      throw new AssertionError(failed.getCause().getMessage(), failed.getCause());
    }
    return all;
  }

  private static Trial.Count tried(long seed) {
    Map<String, Object> bundle = RandomFlow.bundle(seed);
    try {
      return Trial.of(seed, bundle, World.Breakage.NONE);
    } catch (AssertionError wrong) {
      Map<String, Object> small = new Shrinking(seed, World.Breakage.NONE).of(bundle);
      String story = Trial.story(seed, small, World.Breakage.NONE);
      throw new AssertionError(
          "seed "
              + seed
              + " fails "
              + wrong.getMessage()
              + "\nshrunk:\n"
              + FlowText.yaml(small)
              + "\n"
              + story,
          wrong);
    }
  }

  private static List<Long> seeds(String file) {
    try (var seeds = SimulationTest.class.getResourceAsStream(file)) {
      return new String(seeds.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.replaceFirst("#.*", "").strip())
          .filter(line -> !line.isEmpty())
          .map(Long::valueOf)
          .toList();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
