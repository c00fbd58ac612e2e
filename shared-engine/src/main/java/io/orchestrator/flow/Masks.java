package io.orchestrator.flow;

import java.util.ArrayList;
import java.util.List;

/**
 * What of an execution's data its flow wants nobody to see in clear: for each kind of data the
 * paths in it. Immutable.
 */
public final class Masks {
  private static final String OUTPUT = "output";
  private static final String PARAMS = "params";
  private static final String ERROR = "error";
  private static final String FORM = "form";

  /** With these a path of a step says in which of its data the rest of the path stands. */
  static final List<String> PLACES = List.of(PARAMS, OUTPUT, ERROR, FORM);

  /** With these a path of a flow begins, if it does not begin with a step. */
  static final List<String> ROOTS = List.of("input", "vars", "trigger", OUTPUT);

  private final Plan plan;
  private final boolean any;

  Masks(Plan plan) {
    this.plan = plan;
    this.any =
        !plan.terms().mask().isEmpty()
            || plan.everyStep().stream().anyMatch(step -> !step.common().mask().isEmpty());
  }

  /** Whether anything is masked. */
  public boolean any() {
    return any;
  }

  /** Paths in {@code $input}, {@code $vars}, {@code $trigger} or the output of the execution. */
  public List<List<String>> of(String root) {
    List<List<String>> paths = ofFlow(root);
    if (root.equals(OUTPUT) && plan.output() == null && !plan.steps().isEmpty()) {
      paths.addAll(output(plan.steps().getLast()));
    }
    return paths;
  }

  private List<List<String>> ofFlow(String head) {
    List<List<String>> paths = new ArrayList<>();
    for (MaskPath mask : plan.terms().mask()) {
      if (mask.head().equals(head)) {
        paths.add(mask.rest());
      }
    }
    return paths;
  }

  /** Paths in the params of a step. */
  public List<List<String>> params(Step step) {
    return own(step, PARAMS, true);
  }

  /** Paths in the form that comes with a decision. */
  public List<List<String>> form(Step step) {
    return own(step, FORM, false);
  }

  /** Paths in failures: they are handed on, so those of one step count for all. */
  public List<List<String>> error() {
    List<List<String>> paths = new ArrayList<>();
    plan.everyStep().forEach(step -> paths.addAll(own(step, ERROR, false)));
    return paths;
  }

  /** Paths in what a step gives, with those in what the steps give that it is made of. */
  public List<List<String>> output(Step step) {
    List<List<String>> paths = own(step, OUTPUT, true);
    paths.addAll(ofFlow(step.id()));
    if (step.common().output() == null) {
      paths.addAll(handedOn(step));
    }
    return paths;
  }

  private List<List<String>> own(Step step, String place, boolean unsaid) {
    List<List<String>> paths = new ArrayList<>();
    for (MaskPath mask : step.common().mask()) {
      if (mask.head().equals(place)) {
        paths.add(mask.rest());
      } else if (unsaid && !PLACES.contains(mask.head())) {
        paths.add(mask.segments());
      }
    }
    return paths;
  }

  private List<List<String>> handedOn(Step step) {
    List<List<String>> paths = new ArrayList<>();
    List<List<Step>> blocks = step.kind().blocks();
    switch (step.kind()) {
      case Kind.Parallel parallel ->
          parallel.branches().forEach(branch -> paths.addAll(under(branch.id(), output(branch))));
      case Kind.Foreach each -> {
        if (each.collect() == null) {
          last(each.body()).forEach(path -> paths.add(joined(MaskPath.ANY, path)));
        }
      }
      case Kind.Group group -> paths.addAll(last(group.steps()));
      default -> blocks.forEach(block -> paths.addAll(last(block)));
    }
    return paths;
  }

  private List<List<String>> last(List<Step> block) {
    return block.isEmpty() ? List.of() : output(block.getLast());
  }

  private static List<List<String>> under(String head, List<List<String>> paths) {
    return paths.stream().map(path -> joined(head, path)).toList();
  }

  private static List<String> joined(String head, List<String> path) {
    List<String> longer = new ArrayList<>(path.size() + 1);
    longer.add(head);
    longer.addAll(path);
    return longer;
  }
}
