package io.orchestrator.rehearsal;

import io.orchestrator.flow.Handlers;
import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Plan;
import io.orchestrator.flow.Step;
import java.util.ArrayList;
import java.util.List;

/** Which ways through a flow its tests have gone: branches, conditions and error handlers. */
public record Coverage(List<Branch> branches) {
  /**
   * One way.
   *
   * @param step its id; empty for the flow itself
   * @param path of the step
   */
  public record Branch(String step, String path, String name, boolean taken) {}

  /** What these rehearsals have reached of a plan. */
  static Coverage of(Plan plan, List<Marks> marks) {
    List<Branch> branches = new ArrayList<>();
    for (Step step : plan.everyStep()) {
      ways(step, marks, branches);
      handlers(step.id(), step.path(), step.common().onError(), marks, branches);
    }
    handlers("", "", plan.onError(), marks, branches);
    return new Coverage(List.copyOf(branches));
  }

  /** How many were taken. */
  public long taken() {
    return branches.stream().filter(Branch::taken).count();
  }

  /** From 0 to 100; 100 if there are none. */
  public int percent() {
    return branches.isEmpty() ? 100 : (int) (100 * taken() / branches.size());
  }

  /** Those that no test has taken. */
  public List<Branch> missing() {
    return branches.stream().filter(branch -> !branch.taken()).toList();
  }

  private static void ways(Step step, List<Marks> marks, List<Branch> branches) {
    String path = step.path();
    if (step.common().disabled()) {
      return;
    }
    if (step.common().when() != null) {
      add(branches, step, "when true", marks.stream().anyMatch(mark -> mark.ran(path)));
      add(branches, step, "when false", marks.stream().anyMatch(mark -> mark.passed(path)));
    }
    switch (step.kind()) {
      case Kind.Conditional ignored -> {
        add(branches, step, "then", chose(marks, path, "then"));
        add(branches, step, "else", chose(marks, path, "else"));
      }
      case Kind.Switch choice -> {
        for (Kind.Case one : choice.cases()) {
          add(branches, step, "case " + one.label(), chose(marks, path, one.label()));
        }
        boolean none = chose(marks, path, "default") || chose(marks, path, "");
        add(branches, step, "default", none);
      }
      default -> {}
    }
  }

  private static boolean chose(List<Marks> marks, String path, String branch) {
    return marks.stream().anyMatch(mark -> mark.chose(path, branch));
  }

  private static void handlers(
      String id, String path, Handlers handlers, List<Marks> marks, List<Branch> branches) {
    for (int i = 0; i < handlers.clauses().size(); i++) {
      Handlers.Clause clause = handlers.clauses().get(i);
      int number = i;
      boolean taken =
          marks.stream()
              .anyMatch(
                  mark ->
                      mark.caught(path, number)
                          || (!clause.steps().isEmpty()
                              && mark.reached(clause.steps().getFirst().path())));
      String types = clause.types().isEmpty() ? "" : " " + String.join(", ", clause.types());
      branches.add(new Branch(id, path, "on_error" + types, taken));
    }
  }

  private static void add(List<Branch> branches, Step step, String name, boolean taken) {
    branches.add(new Branch(step.id(), step.path(), name, taken));
  }
}
