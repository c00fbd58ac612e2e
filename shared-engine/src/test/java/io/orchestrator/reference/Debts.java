package io.orchestrator.reference;

import io.orchestrator.flow.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which steps have to be undone if the flow does not end well. */
final class Debts {
  private static final Set<String> NOBODY_KNOWS =
      Set.of("timeout", "adapter_unavailable", "interrupted", "internal", "cancelled");

  /**
   * A step that ran, or may have run.
   *
   * @param at when that was known
   * @param vague whether it may have come about at any time before the end
   */
  record Debt(String path, Step step, Frame frame, Memory.Time at, boolean vague) {}

  /** When something began first, and ended last; null while it has not ended. */
  private record Span(Memory.Time began, Memory.Time ended) {
    boolean surelyOver(long until) {
      return ended != null && ended.most() < until;
    }
  }

  private final List<Debt> owed = new ArrayList<>();
  private final Map<String, Debt> tried = new LinkedHashMap<>();
  private final Map<String, Span> spans = new HashMap<>();
  private final Set<String> doubtful = new LinkedHashSet<>();
  private final Set<String> ran = new HashSet<>();
  private final Set<String> perhaps = new HashSet<>();
  private final Set<String> idle = new HashSet<>();

  /** Whether the other side may have done what it was asked. */
  private static boolean mayHaveRun(Fault fault) {
    return NOBODY_KNOWS.contains(fault.type()) || fault.status() >= 500;
  }

  /** The call of an attempt begins. */
  void calls(String path, Memory.Time now) {
    spans.merge(path, new Span(now, null), (before, again) -> new Span(before.began, null));
  }

  /** The call of an attempt ended well. */
  void ran(String path, Memory.Time now) {
    ran.add(path);
    over(path, now);
  }

  /** A loop has nothing to do. */
  void idle(String path) {
    idle.add(path);
  }

  /** The call of an attempt ended so. */
  void failed(String path, Fault fault, Memory.Time now) {
    if (mayHaveRun(fault)) {
      ran.add(path);
    }
    over(path, now);
  }

  private void over(String path, Memory.Time now) {
    spans.computeIfPresent(path, (_, span) -> new Span(span.began, now));
  }

  /** An attempt of a step begins. */
  void tries(String path, Step step, Frame frame, Memory.Time now) {
    if (step.common().compensate() != null) {
      tried.putIfAbsent(path, new Debt(path, step, frame, now, true));
      if (!step.kind().blocks().isEmpty()) {
        calls(path, now);
      }
    }
  }

  /** A step, or an attempt of it, is over. */
  void ended(String path, Step step, Frame frame, boolean well, Memory.Time now) {
    if (step.common().compensate() == null) {
      return;
    }
    boolean structure = !step.kind().blocks().isEmpty();
    if (structure) {
      over(path, now);
    }
    boolean reached = structure ? anyInside(ran, path) : ran.contains(path);
    if (well ? !idle.remove(path) : reached) {
      owed.removeIf(debt -> debt.path().equals(path)); // the last time counts
      owed.add(new Debt(path, step, frame, now, false));
    } else if (structure && !well && anyInside(perhaps, path)) {
      doubtful.add(path);
    }
  }

  private static boolean anyInside(Set<String> some, String path) {
    return some.stream().anyMatch(one -> inside(one, path));
  }

  private static boolean inside(String one, String path) {
    return one.startsWith(path + "/") || one.startsWith(path + "[");
  }

  /**
   * Something was stopped: what had not surely ended by then, and had perhaps begun, has perhaps to
   * be undone.
   *
   * @param path empty: everything
   * @param sureUntil what came about before that surely did
   * @param maybeUntil what began after that surely did not
   */
  void cut(String path, long sureUntil, long maybeUntil) {
    for (Map.Entry<String, Span> entry : spans.entrySet()) {
      Span span = entry.getValue();
      if (isAt(entry.getKey(), path) && !span.surelyOver(sureUntil)) {
        doubt(entry.getKey(), span, sureUntil, maybeUntil);
      }
    }
    for (Debt debt : List.copyOf(owed)) {
      if (isAt(debt.path(), path) && debt.at().most() >= sureUntil) {
        owed.remove(debt);
        doubtful.add(debt.path());
      }
    }
    for (Debt debt : tried.values()) {
      boolean certain = owed.stream().anyMatch(one -> one.path().equals(debt.path()));
      boolean over = spans.containsKey(debt.path()) && spans.get(debt.path()).surelyOver(sureUntil);
      if (isAt(debt.path(), path) && !certain && !over && debt.at().least() <= maybeUntil) {
        doubtful.add(debt.path());
      }
    }
  }

  /** Of a call that is under way counts as much as of one that went well. */
  private void doubt(String call, Span span, long sureUntil, long maybeUntil) {
    boolean done = ran.remove(call);
    if (done && span.began().most() < sureUntil) {
      ran.add(call);
    } else if (span.began().least() <= maybeUntil) {
      perhaps.add(call);
    }
  }

  private static boolean isAt(String one, String path) {
    return path.isEmpty() || one.equals(path) || inside(one, path);
  }

  /** All that is to be undone, in the order in which it came about. */
  List<Debt> settled(Choices choices) {
    for (String path : List.copyOf(doubtful)) {
      boolean certain = owed.stream().anyMatch(one -> one.path().equals(path));
      if (!certain && choices.of(2) == 1) {
        owed.add(tried.get(path));
      }
    }
    doubtful.clear();
    return List.copyOf(owed);
  }
}
