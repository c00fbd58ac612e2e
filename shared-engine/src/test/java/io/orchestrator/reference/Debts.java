package io.orchestrator.reference;

import io.orchestrator.flow.Step;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which steps have to be undone if the flow does not end well. */
final class Debts {
  private static final Set<String> NOBODY_KNOWS =
      Set.of("timeout", "adapter_unavailable", "interrupted", "internal");

  /** A step that ran, or may have run. */
  record Debt(String path, Step step, Frame frame) {}

  private final List<Debt> owed = new ArrayList<>();
  private final Set<String> ran = new HashSet<>();
  private final Set<String> idle = new HashSet<>();
  private boolean doubtful;

  /** Whether the other side may have done what it was asked. */
  private static boolean mayHaveRun(Fault fault) {
    return NOBODY_KNOWS.contains(fault.type()) || fault.status() >= 500;
  }

  /** The call of an attempt ended well. */
  void ran(String path) {
    ran.add(path);
  }

  /** A loop has nothing to do. */
  void idle(String path) {
    idle.add(path);
  }

  /** The call of an attempt ended so. */
  void failed(String path, Fault fault) {
    if (mayHaveRun(fault)) {
      ran.add(path);
    }
  }

  /** A step, or an attempt of it, is over. */
  void ended(String path, Step step, Frame frame, boolean well) {
    if (step.common().compensate() == null) {
      return;
    }
    boolean structure = !step.kind().blocks().isEmpty();
    boolean reached =
        structure ? ran.stream().anyMatch(one -> inside(one, path)) : ran.contains(path);
    boolean happened = well ? !idle.remove(path) : reached;
    if (happened && owed.stream().noneMatch(debt -> debt.path().equals(path))) {
      owed.add(new Debt(path, step, frame));
    }
  }

  private static boolean inside(String one, String path) {
    return one.startsWith(path + "/") || one.startsWith(path + "[");
  }

  /** Something was stopped on its way, so that nobody can say what of it is to be undone. */
  void doubt() {
    doubtful = true;
  }

  /** Whether there is anything to undo. */
  boolean owesAny() {
    if (doubtful) {
      throw new Undetermined("what is to be undone");
    }
    return !owed.isEmpty();
  }

  List<Debt> settled() {
    return List.copyOf(owed);
  }
}
