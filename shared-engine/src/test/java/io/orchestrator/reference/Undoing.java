package io.orchestrator.reference;

import io.orchestrator.flow.Step;
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
  boolean run(Map<String, Object> error) {
    boolean well = true;
    memory.spendsFreely = true;
    List<Debts.Debt> owed = memory.debts.settled();
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
}
