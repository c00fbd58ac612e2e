package io.orchestrator.execution;

import io.orchestrator.expression.Json;
import io.orchestrator.generator.RandomFlow;
import java.util.Map;
import java.util.SplittableRandom;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;

/** Texts of flows that seeds decide, of those that one execution alone moves on. */
public final class GeneratedFlows {
  private GeneratedFlows() {}

  /** The text of a flow, the same for the same seed; YAML for one half of them, JSON else. */
  public static String text(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Map<String, Object> flow = RandomFlow.lonely(random);
    return random.nextBoolean()
        ? Json.write(flow)
        : new Dump(DumpSettings.builder().build()).dumpToString(flow);
  }
}
