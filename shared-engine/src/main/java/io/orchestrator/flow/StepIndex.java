package io.orchestrator.flow;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Where every step of a flow stands, to say how two of them relate. */
final class StepIndex {
  /** What a step is to the place that names it, where it cannot have run. */
  enum Relation {
    SELF,
    AROUND,
    SIBLING,
    OTHER_BRANCH,
    IN_LOOP,
    LATER
  }

  /** One level on the way to a step: its container, which block of it, and its place there. */
  private record Crumb(
      String container, String block, int position, boolean parallel, boolean loop) {}

  private final Map<String, List<Crumb>> trails = new HashMap<>();
  private final Set<String> defined = new HashSet<>();

  StepIndex(Flow flow) {
    flow.define().forEach((name, body) -> inside("define " + name, body, List.of()));
    defined.addAll(trails.keySet());
    block("", "", null, flow.steps(), List.of());
    handlers("", flow.onError(), List.of());
    block("", "on_cancel", null, flow.terms().onCancel(), List.of());
    block("", "finally", null, flow.terms().atEnd(), List.of());
  }

  /** Every step. */
  Set<String> all() {
    return trails.keySet();
  }

  /** Every step that runs once, not once for each iteration of a loop. */
  Set<String> single() {
    Set<String> single = new HashSet<>(trails.keySet());
    single.removeIf(id -> inLoop(trails.get(id), 0));
    return single;
  }

  /** Steps of definitions, which run where the definition is used. */
  Set<String> defined() {
    return defined;
  }

  /**
   * What the step is to the one that names it; the name of no step is the flow itself, before its
   * first.
   */
  Relation relation(String from, String to) {
    if (from.equals(to)) {
      return Relation.SELF;
    }
    List<Crumb> here = trails.getOrDefault(from, List.of());
    if (here.stream().anyMatch(crumb -> crumb.container().equals(to))) {
      return Relation.AROUND;
    }
    List<Crumb> there = trails.get(to);
    for (int i = 0; i < Math.min(here.size(), there.size()); i++) {
      Crumb a = here.get(i);
      Crumb b = there.get(i);
      if (!a.equals(b)) {
        boolean same = a.block().equals(b.block());
        if (same && a.parallel()) {
          return Relation.SIBLING;
        }
        if (inLoop(there, same ? i + 1 : i)) {
          return Relation.IN_LOOP;
        }
        return same ? Relation.LATER : Relation.OTHER_BRANCH;
      }
    }
    return inLoop(there, here.size()) ? Relation.IN_LOOP : Relation.LATER;
  }

  private static boolean inLoop(List<Crumb> trail, int from) {
    return trail.subList(Math.min(from, trail.size()), trail.size()).stream().anyMatch(Crumb::loop);
  }

  /** The outermost loop around a step; its own id if there is none. */
  String loop(String id) {
    return trails.get(id).stream().filter(Crumb::loop).map(Crumb::container).findFirst().orElse(id);
  }

  private void block(
      String container, String name, Syntax.Kind kind, List<Syntax.Step> steps, List<Crumb> trail) {
    boolean parallel = kind instanceof Syntax.Parallel;
    boolean loop = kind instanceof Syntax.Foreach || kind instanceof Syntax.Repeat;
    for (int i = 0; i < steps.size(); i++) {
      Syntax.Step step = steps.get(i);
      List<Crumb> longer = new ArrayList<>(trail);
      longer.add(new Crumb(container, name, i, parallel, loop));
      trails.putIfAbsent(step.id(), longer);
      inside(step.id(), step.body(), longer);
    }
  }

  private void inside(String id, Syntax.Body body, List<Crumb> trail) {
    List<List<Syntax.Step>> blocks = body.kind().blocks();
    for (int i = 0; i < blocks.size(); i++) {
      block(id, "block " + i, body.kind(), blocks.get(i), trail);
    }
    handlers(id, body.options().onError(), trail);
    if (body.options().compensate() != null) {
      block(id, "compensate", null, List.of(body.options().compensate()), trail);
    }
  }

  private void handlers(String id, Syntax.Handling handling, List<Crumb> trail) {
    if (handling != null) {
      for (int i = 0; i < handling.clauses().size(); i++) {
        block(id, "handler " + i, null, handling.clauses().get(i).steps(), trail);
      }
    }
  }
}
