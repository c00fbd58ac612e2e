package io.orchestrator.simulation;

import io.orchestrator.adapter.AdapterCall;
import io.orchestrator.adapter.Answer;
import io.orchestrator.engine.CallbackOutcome;
import io.orchestrator.engine.SignalOutcome;
import io.orchestrator.execution.Failure;
import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Plan;
import io.orchestrator.flow.Step;
import io.orchestrator.reference.Ending;
import io.orchestrator.reference.Fault;
import io.orchestrator.store.Events;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.ToLongFunction;

/** Services that are called, and people who answer, decide, signal and publish. */
final class Outside {
  private final World world;
  private final Oracle oracle;
  private final Steersmen steersmen;
  private final Set<String> announced = new HashSet<>();

  Outside(World world, Oracle oracle) {
    this.world = world;
    this.oracle = oracle;
    this.steersmen = new Steersmen(world, oracle);
  }

  private String name(UUID execution) {
    return world.chronicle().of(execution).name();
  }

  /** A service takes a call; the answer is how long it works on it, in milliseconds. */
  long called(AdapterCall call) {
    world.chronicle().called(call, world.now());
    Ending.Call made = made(call);
    if (made.ending() instanceof Ending.Later later) {
      announce(call.execution(), call.path(), call.attempt(), later.words());
    }
    return made.millis();
  }

  private Ending.Call made(AdapterCall call) {
    return oracle.call(
        name(call.execution()), call.path(), call.attempt(), call.awaits(), call.adapter());
  }

  Answer answer(AdapterCall call) {
    return switch (made(call).ending()) {
      case Ending.Value value -> new Answer.Done(value.value(), call.adapter());
      case Ending.Refusal refusal -> new Answer.Refused(failure(refusal.fault()));
      case Ending.Later later -> new Answer.Later(later.answer());
    };
  }

  private static Failure failure(Fault fault) {
    return new Failure(
        fault.type(),
        fault.message(),
        fault.status(),
        fault.retryable(),
        fault.adapter(),
        fault.data(),
        fault.retryAfterMillis() == 0 ? null : Duration.ofMillis(fault.retryAfterMillis()));
  }

  // -- answers

  /** A wait that is a step of its own begins. */
  void waitsAlone(UUID execution, String path, int attempt) {
    announce(execution, path, attempt, oracle.answers(name(execution), path, attempt));
  }

  /** The other side notices a doubled announcement by its idempotency key. */
  private void announce(UUID execution, String path, int attempt, List<Ending.Word> words) {
    if (announced.add(execution + path + "#" + attempt)) {
      words.forEach(
          word ->
              world.later(word.afterMillis() * 1_000, () -> say(execution, path, attempt, word)));
    }
  }

  /** Says it until somebody has heard it. */
  private void say(UUID execution, String path, int attempt, Ending.Word word) {
    Failure failure = word.fault() == null ? null : failure(word.fault());
    boolean done =
        world.attempt(
            process -> {
              CallbackOutcome outcome =
                  process.engine().callback(token(execution, path, attempt), word.value(), failure);
              world.chronicle().of(execution).said(path, attempt, word, outcome);
            });
    if (!done) {
      world.later(World.SECOND, () -> say(execution, path, attempt, word));
    }
  }

  private static String token(UUID execution, String path, int attempt) {
    String token = World.CALLBACKS.token(execution, path);
    return attempt == 1 ? token : token + "." + attempt;
  }

  // -- decisions

  /** People are asked. Whoever decides does so until it was heard, and only then the next. */
  void asks(UUID execution, String path, int attempt) {
    if (announced.add(execution + path + "?" + attempt)) {
      inTurn(
          oracle.votes(name(execution), path, attempt),
          0,
          Ending.Vote::afterMillis,
          (number, vote) -> decide(execution, path, attempt, vote));
    }
  }

  private boolean decide(UUID execution, String path, int attempt, Ending.Vote vote) {
    return world.attempt(
        process -> {
          Events.Approval approval = world.approval(World.CALLBACKS.approval(execution, path));
          CallbackOutcome outcome =
              process.engine().decide(approval, vote.by(), vote.decision(), null, null);
          world.chronicle().of(execution).decided(path, attempt, vote, outcome);
        });
  }

  // -- signals and events

  /** An execution has begun: from now on people have something to say to it. */
  void begins(UUID execution) {
    String name = name(execution);
    Plan plan = world.chronicle().of(execution).plan();
    Set<String> types = new HashSet<>();
    for (Step step : plan.everyStep()) {
      switch (step.kind()) {
        case Kind.AwaitSignal signal ->
            inTurn(
                oracle.words(name, signal.name()),
                0,
                Ending.Word::afterMillis,
                (number, word) ->
                    signal(execution, signal.name() + number, signal.name(), word.value()));
        case Kind.AwaitEvent event -> {
          if (types.add(event.type())) {
            inTurn(
                oracle.words(name, event.type()),
                0,
                Ending.Word::afterMillis,
                (number, word) ->
                    publish(execution + event.type() + number, event.type(), word.value()));
          }
        }
        default -> {}
      }
    }
    steersmen.begins(execution, name, plan);
  }

  /** An execution does not go on before somebody resumes it. */
  void paused(UUID execution) {
    steersmen.paused(execution);
  }

  /** Whoever says something says it until it was heard, and only then the next. */
  private <T> void inTurn(List<T> words, int number, ToLongFunction<T> after, Saying<T> says) {
    if (number < words.size()) {
      T word = words.get(number);
      long before = number == 0 ? 0 : after.applyAsLong(words.get(number - 1));
      world.insist(
          (after.applyAsLong(word) - before) * 1_000,
          () -> {
            boolean heard = says.heard(number, word);
            if (heard) {
              inTurn(words, number + 1, after, says);
            }
            return heard;
          });
    }
  }

  /** Says something; false if nobody has heard it. */
  @FunctionalInterface
  private interface Saying<T> {
    boolean heard(int number, T word);
  }

  private boolean signal(UUID execution, String key, String name, Object data) {
    return world.attempt(
        process -> {
          SignalOutcome outcome = process.engine().signal(World.TENANT, execution, key, name, data);
          world.chronicle().tell(world.micros(), "signal", key, outcome);
        });
  }

  private boolean publish(String name, String type, Object data) {
    UUID id = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    return world.attempt(
        process -> process.engine().publish(World.TENANT, id, type, Oracle.KEY, data));
  }
}
