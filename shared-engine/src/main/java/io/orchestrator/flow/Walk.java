package io.orchestrator.flow;

import java.util.List;
import java.util.function.Consumer;

/** Visits everything that a flow does. */
final class Walk {
  private Walk() {}

  /** Every body: of steps, of handlers, of definitions. */
  static void bodies(Flow flow, Consumer<Syntax.Body> visitor) {
    steps(flow.steps(), visitor);
    handlers(flow.onError(), visitor);
    steps(flow.terms().onCancel(), visitor);
    steps(flow.terms().atEnd(), visitor);
    flow.define().values().forEach(body -> body(body, visitor));
  }

  /** Every block of steps that run one after the other. */
  static void blocks(Flow flow, Consumer<List<Syntax.Step>> visitor) {
    visitor.accept(flow.steps());
    handled(flow.onError(), visitor);
    visitor.accept(flow.terms().onCancel());
    visitor.accept(flow.terms().atEnd());
    bodies(
        flow,
        body -> {
          if (!(body.kind() instanceof Syntax.Parallel)) {
            body.kind().blocks().forEach(visitor);
          }
          handled(body.options().onError(), visitor);
        });
  }

  /** Every set of error handlers. */
  static void handlings(Flow flow, Consumer<Syntax.Handling> visitor) {
    if (flow.onError() != null) {
      visitor.accept(flow.onError());
    }
    bodies(
        flow,
        body -> {
          if (body.options().onError() != null) {
            visitor.accept(body.options().onError());
          }
        });
  }

  private static void handled(Syntax.Handling handling, Consumer<List<Syntax.Step>> visitor) {
    if (handling != null) {
      handling.clauses().forEach(clause -> visitor.accept(clause.steps()));
    }
  }

  private static void steps(List<Syntax.Step> steps, Consumer<Syntax.Body> visitor) {
    steps.forEach(step -> body(step.body(), visitor));
  }

  private static void handlers(Syntax.Handling handling, Consumer<Syntax.Body> visitor) {
    handled(handling, steps -> steps(steps, visitor));
  }

  private static void body(Syntax.Body body, Consumer<Syntax.Body> visitor) {
    visitor.accept(body);
    body.kind().blocks().forEach(steps -> steps(steps, visitor));
    handlers(body.options().onError(), visitor);
    if (body.options().compensate() != null) {
      body(body.options().compensate().body(), visitor);
    }
  }
}
