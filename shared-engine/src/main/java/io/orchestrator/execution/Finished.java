package io.orchestrator.execution;

import io.orchestrator.flow.InstancePath;
import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Place;
import io.orchestrator.flow.Plan;
import io.orchestrator.flow.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Gathers what had finished in some lines of a history and is not to run again. */
final class Finished {
  private final Plan plan;
  private final Set<String> again;
  private final boolean whole;
  private final Map<String, Kept> kept = new LinkedHashMap<>();
  private final Map<String, Change.SignalReceived> signals = new LinkedHashMap<>();
  private final Map<String, String> takenBy = new HashMap<>();
  private final Map<String, Integer> attempts = new HashMap<>();

  /**
   * @param again steps that run again, so that what comes after them is not kept
   * @param whole whether nothing inside of them is kept, either; else their handlers are not
   */
  Finished(Plan plan, Set<String> again, boolean whole) {
    this.plan = plan;
    this.again = again;
    this.whole = whole;
  }

  /** Something may have finished. */
  void note(Transition line) {
    switch (line.change()) {
      case Change.StepCompleted c ->
          keep(c.path(), new Kept(c.attempt(), c.output(), c.vars(), c.servedBy(), false));
      case Change.Repair.StepKept c ->
          keep(c.path(), new Kept(c.attempt(), c.output(), c.vars(), c.servedBy(), false));
      case Change.StepFailed c -> {
        attempts.put(c.path(), c.attempt());
        kept.remove(c.path());
      }
      case Change.StepRecovered c ->
          keep(
              c.path(), new Kept(attempts.getOrDefault(c.path(), 0), c.output(), null, "", false));
      case Change.StepSkipped c when line.by() != null -> keep(c.path(), Kept.skip());
      case Change.StepStarted c -> kept.keySet().removeIf(p -> InstancePath.isWithin(p, c.path()));
      default -> {}
    }
  }

  /** A signal may have come, or was taken. */
  void hear(Transition line) {
    if (line.change() instanceof Change.SignalReceived signal) {
      signals.put(signal.id(), signal);
    } else if (line.change() instanceof Change.SignalTaken taken) {
      takenBy.put(taken.id(), taken.path());
    }
  }

  private void keep(String path, Kept what) {
    Step step = InstancePath.isIteration(path) ? null : plan.at(path);
    boolean leaf =
        step != null
            && step.kind().blocks().isEmpty()
            && !(step.kind() instanceof Kind.Return)
            && !(step.kind() instanceof Kind.Raise);
    if (leaf && again.stream().noneMatch(from -> follows(path, from))) {
      kept.put(path, what);
    }
  }

  Map<String, Kept> kept() {
    return kept;
  }

  List<Change.SignalReceived> signals() {
    List<Change.SignalReceived> open = new ArrayList<>();
    signals.forEach(
        (id, signal) -> {
          if (!kept.containsKey(takenBy.get(id))) {
            open.add(signal);
          }
        });
    return open;
  }

  /** A step that would count as finished although it was undone; null if there is none. */
  String undone(List<Rewind.Moment> lines, int revision) {
    Set<String> before = new HashSet<>();
    Set<String> undone = new LinkedHashSet<>();
    for (Rewind.Moment moment : lines) {
      switch (moment.line().change()) {
        case Change.StepCompleted c when moment.revision() <= revision -> before.add(c.path());
        case Change.Repair.StepKept c when moment.revision() <= revision -> before.add(c.path());
        case Change.StepRecovered c when moment.revision() <= revision -> before.add(c.path());
        case Change.Course.StepCompensated c
            when moment.revision() > revision && c.failure() == null ->
            undone.add(c.path());
        default -> {}
      }
    }
    return undone.stream()
        .filter(path -> before.contains(path) || kept.containsKey(path))
        .findFirst()
        .orElse(null);
  }

  /**
   * Whether a step can only run after another one, or again with it: later in the same block, or in
   * a handler or a {@code finally} of it or of what contains it.
   */
  private boolean follows(String path, String from) {
    if (path.equals(from)) {
      return true;
    }
    if (InstancePath.isWithin(path, from)) {
      return whole || isAftermath(inside(path, from).place());
    }
    String[] mine = path.split("/", -1);
    String[] its = from.split("/", -1);
    int at = 0;
    while (at < mine.length && at < its.length && mine[at].equals(its[at])) {
      at++;
    }
    if (at == mine.length || at == its.length) {
      return false; // what contains it has not finished before it
    }
    if (InstancePath.loop(mine[at]).equals(InstancePath.loop(its[at]))) {
      boolean rounds = plan.at(upTo(mine, at)).kind() instanceof Kind.Repeat;
      return rounds && InstancePath.number(mine[at]) > InstancePath.number(its[at]);
    }
    return follows(plan.at(upTo(mine, at)).place(), plan.at(upTo(its, at)).place());
  }

  private static boolean follows(Place mine, Place its) {
    boolean sameBlock = mine.slot() == its.slot() && mine.clause() == its.clause();
    if (sameBlock) {
      return mine.slot() != Place.Slot.BRANCH && mine.index() > its.index();
    }
    return isAftermath(mine) || mine.clause() > its.clause();
  }

  private static boolean isAftermath(Place place) {
    return switch (place.slot()) {
      case HANDLER, COMPENSATION, ON_CANCEL, FINALLY -> true;
      case SEQUENCE, BRANCH, ITEM -> false;
    };
  }

  /** The step directly inside another one that a step is or lies in. */
  private Step inside(String path, String outer) {
    int end = path.indexOf('/', path.indexOf('/', outer.length()) + 1);
    return plan.at(InstancePath.loop(end < 0 ? path : path.substring(0, end)));
  }

  private static String upTo(String[] parts, int last) {
    return InstancePath.loop(String.join("/", List.of(parts).subList(0, last + 1)));
  }
}
