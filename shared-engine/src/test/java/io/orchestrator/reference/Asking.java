package io.orchestrator.reference;

import io.orchestrator.expression.ExpressionException;
import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Step;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Calls, and waits for what others say. */
final class Asking {
  private static final Set<String> AWAY = Set.of("adapter_unavailable", "circuit_open");

  private final Nature nature;
  private final Choices choices;
  private final Memory memory;

  Asking(Nature nature, Choices choices, Memory memory) {
    this.nature = nature;
    this.choices = choices;
    this.memory = memory;
  }

  Result call(Step step, Kind.Call call, String path, int attempt, Frame frame) {
    if (step.common().atMostOnce() && attempt > 1) {
      return Result.failed(Fault.fatal("interrupted", "it was entered before"));
    }
    boolean awaits = call.await() != null;
    if (awaits && memory.hasLeftover(path)) {
      throw new Undetermined("which answer comes for " + path);
    }
    memory.debts.calls(path, memory.now);
    if (step.common().atMostOnce() && choices.whether(nature.faulty(), true)) {
      memory.maybe.add(path + "#" + attempt);
      memory.leaves(path);
      return failed(path, Fault.fatal("interrupted", "nobody knows whether it was made"));
    }
    Map<String, Object> more = new LinkedHashMap<>();
    if (awaits) {
      more.put("callback", Map.of("url", "u", "token", "t"));
    }
    if (call.params() != null) {
      call.params().fill(frame.blind().scope(more));
    }
    if (step.common().idempotencyKey() != null) {
      checkKey(step.common().idempotencyKey().fill(frame.scope(more)));
    }
    if (step.common().deadline() != null && choices.whether(nature.slackMillis() > 0, true)) {
      memory.maybe.add(path + "#" + attempt); // it was made, lost, and then it was too late
      return failed(path, Fault.timeout());
    }
    memory.called(path, attempt);
    return asked(call, path, attempt);
  }

  /** A key that says nothing would make calls equal that are not. */
  private static void checkKey(Object key) {
    boolean says =
        key instanceof Long
            || (key instanceof String text && !text.isBlank() && text.length() < 256);
    if (!says) {
      throw new ExpressionException("that is no key", -1);
    }
  }

  /** The answer of the first adapter that is there. */
  private Result asked(Kind.Call call, String path, int attempt) {
    boolean awaits = call.await() != null;
    Ending.Call first = called(path, attempt, awaits, call.adapter());
    Ending.Call made = first;
    long calling = first.millis();
    for (Kind.Fallback other : call.fallback()) {
      if (!isAway(made)) {
        break;
      }
      made = called(path, attempt, awaits, other.adapter());
      calling += made.millis();
    }
    return switch (isAway(made) ? first.ending() : made.ending()) {
      case Ending.Value value -> {
        memory.now = memory.now.plus(calling);
        memory.spend(value.value());
        memory.debts.ran(path, memory.now);
        yield new Result.Done(value.value());
      }
      case Ending.Refusal refusal -> {
        memory.now = memory.now.plus(calling);
        yield failed(path, refusal.fault());
      }
      case Ending.Later later -> {
        memory.spend(later.answer());
        Result answer = answered(path, attempt, later.words(), calling, call.await());
        if (answer instanceof Result.Failed failed) {
          memory.debts.failed(path, failed.fault(), memory.now);
        } else {
          memory.debts.ran(path, memory.now);
        }
        yield answer;
      }
    };
  }

  private Ending.Call called(String path, int attempt, boolean awaits, String adapter) {
    return nature.world().call(nature.execution(), path, attempt, awaits, adapter);
  }

  private Result failed(String path, Fault fault) {
    memory.debts.failed(path, fault, memory.now);
    return Result.failed(fault);
  }

  private static boolean isAway(Ending.Call made) {
    return made.ending() instanceof Ending.Refusal refusal && AWAY.contains(refusal.fault().type());
  }

  Result answered(
      String path, int attempt, List<Ending.Word> words, long calling, Kind.Await await) {
    if (memory.hasLeftover(path)) {
      throw new Undetermined("which answer comes for " + path);
    }
    if (words.isEmpty()) {
      return unanswered(path, attempt, calling + Steps.millis(await.timeout()));
    }
    if (words.size() > 1 || nature.faulty()) {
      memory.leaves(path); // whoever does not hear that it was heard says it again
    }
    Ending.Word word = words.getFirst();
    memory.now = memory.now.plus(word.afterMillis());
    return word.fault() == null ? new Result.Done(word.value()) : Result.failed(word.fault());
  }

  /** People decide: as many as must agree do, one of them rejects, or nothing comes of it. */
  Result decided(Kind.Approve approve, String path, int attempt, Frame frame) {
    if (memory.hasLeftover(path)) {
      throw new Undetermined("who decides about " + path);
    }
    approve.title().fill(frame.scope(Map.of()));
    if (approve.to() != null) {
      checkPeople(approve.to().fill(frame.scope(Map.of())));
    }
    List<Ending.Vote> votes = nature.world().votes(nature.execution(), path, attempt);
    Map<String, String> decisions = new LinkedHashMap<>();
    for (Ending.Vote vote : votes) {
      boolean counts =
          approve.options().contains(vote.decision()) && !decisions.containsKey(vote.by());
      if (counts) {
        decisions.put(vote.by(), vote.decision());
        long same = decisions.values().stream().filter(vote.decision()::equals).count();
        if (vote.decision().equals("reject") || same >= approve.quorum()) {
          if (nature.faulty() || !vote.equals(votes.getLast())) {
            memory.leaves(path); // whoever does not hear that it was heard says it again
          }
          memory.now = memory.now.plus(vote.afterMillis());
          return new Result.Done(outcome(vote, decisions));
        }
      }
    }
    if (nature.faulty()) {
      memory.leaves(path);
    }
    return unanswered(path, attempt, Steps.millis(approve.timeout()));
  }

  private static void checkPeople(Object people) {
    switch (people) {
      case List<?> list -> list.forEach(Asking::checkPeople);
      case String person when person.matches("(role|user):\\S+") -> {}
      case null, default -> throw new ExpressionException("that is nobody: " + people, -1);
    }
  }

  /** When it was decided, the model does not say. */
  private static Map<String, Object> outcome(Ending.Vote last, Map<String, String> decisions) {
    Map<String, Object> outcome = new LinkedHashMap<>();
    outcome.put("decision", last.decision());
    outcome.put("by", last.by());
    outcome.put("form", null);
    outcome.put("decisions", List.copyOf(decisions.keySet()));
    return outcome;
  }

  private Result unanswered(String path, int attempt, long after) {
    memory.put(path, "running", attempt, null, null);
    memory.now = memory.now.plus(after);
    return new Result.Failed(Fault.timeout(), false, true);
  }

  /**
   * A signal or an event that no other wait has taken, early or late.
   *
   * @param inOrder whether it is the oldest
   */
  Result heard(String name, String path, int attempt, long timeout, boolean inOrder) {
    if (memory.crowded > 0) {
      throw new Undetermined("who takes " + name);
    }
    List<Ending.Word> others = nature.world().words(nature.execution(), name);
    Said.Word word = memory.said.next(name, path, others, memory.now, inOrder ? null : choices);
    if (word == null) {
      return unanswered(path, attempt, timeout);
    }
    Memory.Time now = memory.now;
    memory.now =
        new Memory.Time(
            Math.max(now.least(), word.at().least()), Math.max(now.most(), word.at().most()));
    if (memory.now.most() - now.most() + nature.slackMillis() >= timeout) {
      throw new Undetermined("whether " + name + " comes in time");
    }
    return new Result.Done(word.value());
  }
}
