package io.orchestrator.simulation;

import io.orchestrator.adapter.AdapterCall;
import io.orchestrator.engine.Opened;
import io.orchestrator.execution.Change;
import io.orchestrator.execution.Notation;
import io.orchestrator.flow.Plan;
import io.orchestrator.reference.Nature;
import io.orchestrator.reference.Observed;
import io.orchestrator.store.Commit;
import io.orchestrator.store.MemoryExecutionStore;
import io.orchestrator.store.Stored;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Every execution of a world with what is known of it: each comes of one start, or of one step of
 * another one, ends, and is given up when nobody waits for it.
 */
final class Chronicle {
  private final Map<String, Plan> plans;
  private final Faults faults;
  private final boolean told;
  private final Outside outside;
  private final Map<UUID, Truth> truths = new LinkedHashMap<>();
  private final Map<String, UUID> starts = new HashMap<>();
  private final Map<String, Instant> givenUp = new HashMap<>();
  private final List<String> story = new ArrayList<>();

  /**
   * @param told whether anybody reads the story, which costs time
   */
  Chronicle(Map<String, Plan> plans, Faults faults, boolean told, Outside outside) {
    this.plans = plans;
    this.faults = faults;
    this.told = told;
    this.outside = outside;
  }

  /** The name of the execution of the so manieth start, from 0. */
  static String root(int number) {
    return number == 0 ? "" : number + 1 + ":";
  }

  /** The key of that start. */
  static String key(int number) {
    return "start " + root(number);
  }

  boolean isRough() {
    return faults.isRough();
  }

  boolean isOver() {
    return truths.values().stream().allMatch(Truth::isOver);
  }

  Truth of(UUID execution) {
    return truths.get(execution);
  }

  // -- what was committed

  void committed(Commit commit, Instant at) {
    if (commit.expected() == 0) {
      begins(commit, at);
    }
    Truth truth = of(commit.execution());
    Instant nobody = givenUp.get(truth.name());
    Truth.must(
        nobody == null || truth.isEnding() || !at.isAfter(nobody.plus(faults.patience())),
        "%s goes on although nobody waits for it since %s",
        truth.name(),
        nobody);
    truth.committed(commit, at);
    limited(truth.plan());
  }

  private void begins(Commit commit, Instant at) {
    Commit.IdempotencyKey key = commit.opening().key();
    Truth.must(key != null, "a start without a key: %s", commit);
    UUID before = starts.putIfAbsent(key.source() + " " + key.key(), commit.execution());
    Truth.must(before == null, "a second execution came of the start %s", key.key());
    String name = name(commit, at);
    Plan plan = plans.get(commit.opening().flow());
    truths.put(commit.execution(), new Truth(this, name, plan, outside));
  }

  private String name(Commit commit, Instant at) {
    Commit.Row row = commit.rows().getFirst();
    String data = Opened.line(World.CALLBACKS, commit.execution(), row.data());
    Notation.Written line =
        new Notation.Written(row.event(), row.step(), row.attempt(), data, row.dueAfter());
    Map<String, Object> trigger = ((Change.Started) Notation.read(line).change()).trigger();
    if (trigger == null) {
      String key = commit.opening().key().key();
      return key.startsWith("start ") ? key.substring("start ".length()) : "";
    }
    Map<?, ?> parent = (Map<?, ?>) trigger.get("parent");
    Truth from = of(UUID.fromString((String) parent.get("execution")));
    String path = (String) parent.get("step");
    int attempt = ((Long) parent.get("attempt")).intValue();
    from.starts(path, attempt, commit.execution(), at);
    return Nature.child(from.name(), path, attempt);
  }

  /** Nobody waits for an execution any more. */
  void givesUp(String name, Instant at) {
    givenUp.putIfAbsent(name, at);
  }

  /** No more executions of a flow are at work than may be. */
  private void limited(Plan plan) {
    if (plan.terms().concurrency() != null) {
      Truth.must(
          atWork(plan) <= plan.terms().concurrency().limit(),
          "%d executions of %s are at work",
          atWork(plan),
          plan.flow());
    }
  }

  long atWork(Plan plan) {
    return truths.values().stream()
        .filter(truth -> truth.plan() == plan && truth.isAtWork())
        .count();
  }

  // -- what was called

  void called(AdapterCall call, Instant now) {
    of(call.execution()).called(call, now);
  }

  // -- the end

  /** Nothing is left to be done, and what is stored is what was committed. */
  void over(MemoryExecutionStore store) {
    Truth.must(store.nextDue().isEmpty(), "somebody is to look after the end");
    List<Stored> all = store.all();
    Truth.must(all.size() == truths.size(), "there are %d executions", all.size());
    all.forEach(stored -> of(stored.id()).over(stored));
  }

  /** The executions that were started from outside, as the model sees them. */
  Map<String, Observed> roots() {
    Map<String, Observed> roots = new TreeMap<>();
    for (Truth truth : truths.values()) {
      if (!truth.name().endsWith(">")) {
        roots.put(truth.name(), truth.observed());
      }
    }
    return roots;
  }

  /** Data in which executions have their names. */
  Object named(Object data) {
    return truths.size() == 1
        ? data
        : switch (data) {
          case String text -> named(text);
          case List<?> list -> list.stream().map(this::named).toList();
          case Map<?, ?> map -> {
            Map<Object, Object> named = new LinkedHashMap<>();
            map.forEach((key, value) -> named.put(key, named(value)));
            yield named;
          }
          case null, default -> data;
        };
  }

  private String named(String text) {
    String named = text;
    for (Map.Entry<UUID, Truth> one : truths.entrySet()) {
      named = named.replace(one.getKey().toString(), one.getValue().name());
    }
    return named;
  }

  // -- the story

  /** Whether anybody reads the story, which costs time. */
  boolean isTold() {
    return told;
  }

  /** Notes something for the story, if anybody reads it. */
  void tell(long micros, Object... what) {
    if (told) {
      story.add(micros / 1_000 + " ms " + Arrays.toString(what));
    }
  }

  /** Notes something of an execution. */
  void tell(Truth truth, Object what) {
    if (told) {
      story.add((truth.name().isEmpty() ? "" : truth.name() + " ") + what);
    }
  }

  /** Everything that happened, a line each. */
  String story() {
    return String.join("\n", story);
  }

  @Override
  public String toString() {
    return truths.values().toString();
  }
}
