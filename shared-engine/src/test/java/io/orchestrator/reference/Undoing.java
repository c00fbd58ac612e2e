package io.orchestrator.reference;

import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What ran, or may have run, is undone, the last one first. */
final class Undoing {
  private final Steps steps;
  private final Memory memory;

  Undoing(Steps steps, Memory memory) {
    this.steps = steps;
    this.memory = memory;
  }

  /** Whether all of it could be undone. */
  boolean run(List<Debts.Debt> owed, Map<String, Object> error) {
    boolean well = true;
    memory.spendsFreely = true;
    for (Debts.Debt debt : owed.reversed()) {
      Step undo = debt.step().common().compensate();
      Frame frame = debt.frame().handling(debt.path() + "/", error);
      if (steps.step(undo, frame) instanceof Result.Done) {
        memory.undone(debt.path());
      } else {
        well = false;
      }
    }
    return well;
  }

  /** Which of them must be undone before which: one that came later before one that came first. */
  List<Outcome.Order> orders(List<Debts.Debt> owed) {
    List<Outcome.Order> orders = new ArrayList<>();
    for (int i = 0; i < owed.size(); i++) {
      for (int j = i + 1; j < owed.size(); j++) {
        Debts.Debt one = owed.get(i);
        Debts.Debt later = owed.get(j);
        if (!one.vague() && !later.vague() && inTurn(one, later)) {
          orders.add(new Outcome.Order(later.path(), one.path()));
        }
      }
    }
    return orders;
  }

  /** Whether there is no doubt which of them came first. */
  private boolean inTurn(Debts.Debt one, Debts.Debt later) {
    boolean apart = one.at().most() + steps.nature.slackMillis() < later.at().least();
    return apart || !sideBySide(one.path(), later.path());
  }

  /** Whether two steps stand in different branches, or items, that are at work at the same time. */
  private boolean sideBySide(String one, String other) {
    for (Step step : steps.plan.everyStep()) {
      String mine = branch(step, one);
      String its = branch(step, other);
      if (mine != null && its != null && !mine.equals(its)) {
        return true;
      }
    }
    return false;
  }

  /** What of a step in which things happen at the same time another one stands in; null if none. */
  private static String branch(Step step, String path) {
    boolean items = step.kind() instanceof Kind.Foreach each && each.concurrency() > 1;
    boolean many = items || step.kind() instanceof Kind.Parallel;
    if (!many || !Memory.plain(path).startsWith(step.path() + "/")) {
      return null;
    }
    List<String> names = List.of(path.split("/", -1));
    int depth = step.path().split("/", -1).length;
    return String.join("/", names.subList(0, items ? depth : depth + 1));
  }
}
