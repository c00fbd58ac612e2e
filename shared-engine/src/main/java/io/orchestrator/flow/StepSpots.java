package io.orchestrator.flow;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Where the steps of a flow stand in its text. */
public final class StepSpots {
  private final Map<String, Spot> spots = new HashMap<>();

  public StepSpots(Flow flow) {
    block(flow.steps());
    flow.define().values().forEach(this::inside);
    handlers(flow.onError());
    block(flow.terms().onCancel());
    block(flow.terms().atEnd());
  }

  /** The place of a step, by its id or path, with iteration numbers or without; null if unknown. */
  public Spot of(String step) {
    String plain = step.replaceAll("\\[[0-9]+]", "");
    return spots.get(plain.substring(plain.lastIndexOf('/') + 1));
  }

  private void block(List<Syntax.Step> steps) {
    for (Syntax.Step step : steps) {
      spots.putIfAbsent(step.id(), step.spot());
      inside(step.body());
    }
  }

  private void inside(Syntax.Body body) {
    body.kind().blocks().forEach(this::block);
    handlers(body.options().onError());
    if (body.options().compensate() != null) {
      spots.putIfAbsent(body.options().compensate().id(), body.options().compensate().spot());
    }
  }

  private void handlers(Syntax.Handling handling) {
    if (handling != null) {
      handling.clauses().forEach(clause -> block(clause.steps()));
    }
  }
}
