package io.orchestrator.reference;

import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Step;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The branches of a parallel. */
record Branches(Steps steps, Kind.Parallel parallel, String path, Frame inside) {
  Result run() {
    List<Strands.Strand> strands =
        parallel.branches().stream()
            .map(
                branch ->
                    new Strands.Strand(
                        inside.prefix() + branch.id(),
                        List.of(branch),
                        () -> steps.step(branch, inside)))
            .toList();
    Strands.Join join =
        new Strands.Join(
            parallel.join().enough(), parallel.join().tolerance(), parallel.concurrency());
    Strands.Together together = new Strands(steps, strands, join, path).run();
    return together.result(outputs(together.over()));
  }

  private Map<String, Object> outputs(List<Strands.Over> over) {
    Map<String, Object> outputs = new LinkedHashMap<>();
    for (Step step : parallel.branches()) {
      outputs.put(step.id(), null);
    }
    for (Strands.Over end : over) {
      if (end.result() instanceof Result.Done done) {
        outputs.put(end.strand().block().getFirst().id(), done.output());
      }
    }
    return outputs;
  }
}
