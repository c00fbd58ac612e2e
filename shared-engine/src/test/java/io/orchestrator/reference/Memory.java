package io.orchestrator.reference;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** What has happened on one way through a flow. */
final class Memory {
  /** Milliseconds since the start: at least and at most. */
  record Time(long least, long most) {
    static final Time START = new Time(0, 0);

    Time plus(long millis) {
      return new Time(least + millis, most + millis);
    }

    Time plus(Repetition.Pause pause) {
      return new Time(least + pause.least(), most + pause.most());
    }
  }

  /** A step as it stands, and when that came about. */
  record Seen(String status, int attempt, Object output, Fault fault, Time at) {}

  final Map<String, Object> vars = new LinkedHashMap<>();
  final Set<String> doubtfulVars = new HashSet<>();
  final Set<String> loose = new HashSet<>();
  final Set<String> calls = new LinkedHashSet<>();
  final Set<String> maybe = new HashSet<>();
  final Debts debts = new Debts();
  final Said said = new Said();
  Time now = Time.START;

  /** How many calls were begun, repetitions not counted. */
  int called;

  /** In how many structures things happen at the same time whose order matters. */
  int crowded;

  /** Whether the budget is not looked at any more. */
  boolean spendsFreely;

  private final Map<String, Seen> steps = new LinkedHashMap<>();
  private final Map<String, Integer> attempts = new LinkedHashMap<>();
  private final Map<String, Time> attemptTimes = new LinkedHashMap<>();
  private final Map<String, Time> callTimes = new LinkedHashMap<>();
  private final Map<String, Time> varTimes = new LinkedHashMap<>();
  private final Map<String, String> varPaths = new LinkedHashMap<>();
  private final Set<String> leftover = new HashSet<>();

  Map<String, Seen> steps() {
    return steps;
  }

  Seen step(String path) {
    if (loose.contains(path)) {
      throw new Undetermined("what became of " + path);
    }
    return steps.get(path);
  }

  /** The number of the next attempt of a step: they count on, however often it is entered. */
  int nextAttempt(String path) {
    if (loose.contains(path)) {
      throw new Undetermined("which attempt of " + path + " comes next");
    }
    attemptTimes.put(path, now);
    return attempts.merge(path, 1, Integer::sum);
  }

  /** How a step stands; null if it has not been reached. */
  String status(String path) {
    Seen seen = steps.get(path);
    return seen == null ? null : seen.status();
  }

  /** A step has been undone. */
  void undone(String path) {
    Seen seen = steps.get(path);
    if (seen != null) {
      steps.put(
          path, new Seen("compensated", seen.attempt(), seen.output(), seen.fault(), seen.at()));
    }
  }

  /** Nobody knows whether the calls of a step were made. */
  void doubtCalls(String path) {
    for (String call : calls.stream().filter(c -> c.startsWith(path + "#")).toList()) {
      calls.remove(call);
      maybe.add(call);
    }
  }

  void put(String path, String status, int attempt, Object output, Fault fault) {
    steps.put(path, new Seen(status, attempt, output, fault, now));
  }

  void set(String path, Map<String, Object> values) {
    vars.putAll(values);
    for (String name : values.keySet()) {
      varTimes.put(name, now);
      varPaths.put(name, path);
    }
  }

  void called(String path, int attempt) {
    String call = path + "#" + attempt;
    calls.add(call);
    callTimes.put(call, now);
  }

  /** Words that somebody may still say to a wait that has ended. */
  void leaves(String path) {
    leftover.add(path);
  }

  boolean hasLeftover(String path) {
    return leftover.contains(path);
  }

  private static boolean within(String one, String path) {
    return path.isEmpty() || isInside(one, path);
  }

  private static boolean isInside(String one, String path) {
    return one.startsWith(path + "/") || one.startsWith(path + "[");
  }

  /** A structure is entered again: what it holds has not happened. */
  void forget(String path) {
    if (loose.stream().anyMatch(one -> isInside(one, path))) {
      throw new Undetermined("what " + path + " has done before");
    }
    steps.keySet().removeIf(one -> isInside(one, path));
  }

  /**
   * Everything within a path is stopped; what had not surely come about by then is in doubt.
   *
   * @param path empty: everything
   * @param began when the structure began
   * @param strike after how long it is stopped at the earliest
   */
  void cut(String path, Time began, long strike, long slack) {
    for (Map.Entry<String, Seen> step : steps.entrySet()) {
      boolean sure = step.getValue().at().most() - began.most() + slack < strike;
      boolean over = !step.getValue().status().equals("running");
      if (within(step.getKey(), path) && !(sure && over)) {
        loose.add(step.getKey());
        leftover.add(step.getKey());
      }
    }
    attemptTimes.forEach(
        (step, at) -> {
          if (within(step, path) && at.most() - began.most() + slack >= strike) {
            loose.add(step); // it may not have been entered so often
          }
        });
    debts.doubt();
    said.cut(path, strike + began.most() - slack);
    callTimes.forEach(
        (call, at) -> {
          boolean sure = at.most() - began.most() + slack < strike;
          if (within(call, path) && !sure && calls.remove(call)) {
            maybe.add(call);
          }
        });
    varPaths.forEach(
        (name, setter) -> {
          boolean sure = varTimes.get(name).most() - began.most() + slack < strike;
          if (within(setter, path) && !sure) {
            doubtfulVars.add(name);
          }
        });
  }

  /** A round has ended: only the history knows its steps. */
  void forgetRound(String loop, int number) {
    String inside = loop + "[" + number + "]/";
    if (loose.stream().anyMatch(one -> one.startsWith(inside))) {
      throw new Undetermined("what a round of " + loop + " has done");
    }
    steps.keySet().removeIf(path -> path.startsWith(inside));
  }

  /** A round has failed; whether its steps are still shown is not said. */
  void doubt(String loop, int number) {
    String inside = loop + "[" + number + "]/";
    steps.keySet().stream().filter(path -> path.startsWith(inside)).forEach(loose::add);
  }

  /** Whether a step of its own has set its variables is in doubt. */
  void doubt(String path) {
    varPaths.forEach(
        (name, setter) -> {
          if (setter.equals(path)) {
            doubtfulVars.add(name);
          }
        });
  }

  Map<String, Object> vars() {
    if (!doubtfulVars.isEmpty()) {
      throw new Undetermined("whether " + doubtfulVars + " were set");
    }
    return vars;
  }
}
