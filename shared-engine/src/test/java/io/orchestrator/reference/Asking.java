package io.orchestrator.reference;

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
      call.params().fill(frame.scope(more));
    }
    if (step.common().idempotencyKey() != null) {
      step.common().idempotencyKey().fill(frame.scope(more));
    }
    if (step.common().deadline() != null && choices.whether(nature.faulty(), true)) {
      memory.maybe.add(path + "#" + attempt); // it was made, lost, and then it was too late
      memory.debts.doubt();
      return Result.failed(Fault.timeout());
    }
    memory.called(path, attempt);
    return asked(call, path, attempt);
  }

  /** The answer of the first adapter that is there. */
  private Result asked(Kind.Call call, String path, int attempt) {
    boolean awaits = call.await() != null;
    Ending.Call first = nature.calls().of(path, attempt, awaits, call.adapter());
    Ending.Call made = first;
    long calling = first.millis();
    for (Kind.Fallback other : call.fallback()) {
      if (!isAway(made)) {
        break;
      }
      made = nature.calls().of(path, attempt, awaits, other.adapter());
      calling += made.millis();
    }
    return switch (isAway(made) ? first.ending() : made.ending()) {
      case Ending.Value value -> {
        memory.now = memory.now.plus(calling);
        memory.debts.ran(path);
        yield new Result.Done(value.value());
      }
      case Ending.Refusal refusal -> {
        memory.now = memory.now.plus(calling);
        yield failed(path, refusal.fault());
      }
      case Ending.Later later -> {
        Result answer = answered(path, attempt, later.words(), calling, call.await());
        if (answer instanceof Result.Failed failed) {
          memory.debts.failed(path, failed.fault());
        } else {
          memory.debts.ran(path);
        }
        yield answer;
      }
    };
  }

  private Result failed(String path, Fault fault) {
    memory.debts.failed(path, fault);
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

  private Result unanswered(String path, int attempt, long after) {
    memory.put(path, "running", attempt, null, null);
    memory.now = memory.now.plus(after);
    return new Result.Failed(Fault.timeout(), false, true);
  }

  /** A signal or an event: the oldest that no other wait has taken, early or late. */
  Result heard(String name, String path, int attempt, long timeout) {
    if (memory.crowded > 0) {
      throw new Undetermined("who takes " + name);
    }
    Said.Word word = memory.said.next(name, path, nature.words().of(name), memory.now);
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
