package io.orchestrator.reference;

import io.orchestrator.flow.Step;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
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

  /**
   * Paths in the plan where anything at all may have been done: it is done in any case, but nobody
   * knows when.
   */
  final Set<String> open = new HashSet<>();

  final Set<String> calls = new LinkedHashSet<>();
  final Set<String> maybe = new HashSet<>();
  final Debts debts = new Debts();
  final Said said = new Said();
  final Map<String, Outcome> children = new LinkedHashMap<>();
  Time now = Time.START;

  /** When it was settled how the flow ends, if something had to be done first. */
  Time settled;

  /** When the handlers of the flow began. */
  Time handledSince;

  /** How many calls were begun, repetitions not counted. */
  int called;

  /** What the calls have reported. */
  long tokens;

  BigDecimal cost = BigDecimal.ZERO;

  /** In how many structures the same steps are done at the same time. */
  int crowded;

  /** In how many structures things happen at the same time. */
  int racing;

  /** Whether the budget is not looked at any more. */
  boolean spendsFreely;

  private final Map<String, Seen> steps = new LinkedHashMap<>();
  private final Map<String, Integer> attempts = new LinkedHashMap<>();
  private final Map<String, Integer> attemptsLeast = new HashMap<>();
  private final Map<String, Integer> loopAttempts = new HashMap<>();
  private final Map<String, List<Time>> attemptTimes = new LinkedHashMap<>();
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
  int nextAttempt(String path, Choices choices) {
    if (loose.contains(path)) {
      throw new Undetermined("which attempt of " + path + " comes next");
    }
    Integer least = attemptsLeast.remove(path);
    if (least != null) {
      int most = attempts.get(path);
      attempts.put(path, least + choices.of(most - least + 1));
    }
    attemptTimes.computeIfAbsent(path, p -> new ArrayList<>()).add(now);
    int next = 1 + Math.max(attempts.getOrDefault(path, 0), beforeLoop(path));
    attempts.put(path, next);
    return next;
  }

  /** How far the rounds of the loops around have counted before those were entered again. */
  private int beforeLoop(String path) {
    int most = 0;
    for (int open = path.indexOf('['); open >= 0; open = path.indexOf('[', open + 1)) {
      most = Math.max(most, loopAttempts.getOrDefault(path.substring(0, open), 0));
    }
    return most;
  }

  /** The end of the flow is settled; what has to be done first may use what it needs. */
  void settles() {
    settled = settled == null ? now : settled;
    spendsFreely = true;
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

  /** What a call reports to have cost. */
  void spend(Object answer) {
    if (answer instanceof Map<?, ?> map && map.get("usage") instanceof Map<?, ?> usage) {
      tokens += usage.get("tokens") instanceof Long used ? used : 0;
      cost = cost.add(usage.get("cost") instanceof BigDecimal used ? used : BigDecimal.ZERO);
    }
  }

  /** Words that somebody may still say to a wait that has ended. */
  void leaves(String path) {
    leftover.add(path);
  }

  boolean hasLeftover(String path) {
    return leftover.contains(path);
  }

  /** A path without the rounds in it. */
  static String plain(String path) {
    return path.replaceAll("\\[\\d+\\]", "");
  }

  /** Whether a step may have been at work when what contains it was stopped. */
  boolean wasStopped(Step step) {
    return loose.stream().anyMatch(path -> plain(path).equals(step.path()));
  }

  private static boolean within(String one, String path) {
    return path.isEmpty() || isInside(one, path);
  }

  private static boolean isInside(String one, String path) {
    return one.startsWith(path + "/") || one.startsWith(path + "[");
  }

  /** A structure is entered again: what it holds has not happened. */
  void forget(String path) {
    if (open.stream().anyMatch(one -> isInside(one, plain(path)))) {
      throw new Undetermined("what " + path + " has done before");
    }
    loose.removeIf(one -> isInside(one, path));
    steps.keySet().removeIf(one -> isInside(one, path));
    attempts.forEach(
        (one, attempt) -> {
          int open = isInside(one, path) ? one.indexOf('[', path.length()) : -1;
          if (open >= 0) {
            if (attemptsLeast.containsKey(one)) {
              throw new Undetermined("how often the rounds of " + path + " had tried");
            }
            loopAttempts.merge(one.substring(0, open), attempt, Math::max);
          }
        });
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
    long sureUntil = strike + began.most() - slack;
    attemptTimes.forEach(
        (step, times) -> {
          int sure = (int) times.stream().filter(at -> at.most() < sureUntil).count();
          if (within(step, path) && sure < times.size()) {
            loose.add(step); // it may not have been entered so often
            attemptsLeast.merge(step, attempts.get(step) - (times.size() - sure), Math::min);
          }
        });
    debts.cut(path, sureUntil, strike + began.least() + slack);
    said.cut(path, sureUntil);
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
