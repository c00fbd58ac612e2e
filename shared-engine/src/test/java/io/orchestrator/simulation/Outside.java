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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiPredicate;

/** Services that are called, and people who answer, signal, publish and cancel. */
final class Outside {
  static final String KEY = "k";
  private final World world;
  private final Plan plan;
  private final Oracle oracle;
  private final Set<String> announced = new HashSet<>();

  Outside(World world, Plan plan, Oracle oracle) {
    this.world = world;
    this.plan = plan;
    this.oracle = oracle;
  }

  /** A service takes a call; the answer is how long it works on it, in milliseconds. */
  long called(AdapterCall call) {
    world.truth().called(call, world.now());
    Ending.Call made = oracle.call(call.path(), call.attempt(), call.awaits(), call.adapter());
    if (made.ending() instanceof Ending.Later later) {
      announce(call.execution(), call.path(), call.attempt(), later.words());
    }
    return made.millis();
  }

  Answer answer(AdapterCall call) {
    return switch (oracle
        .call(call.path(), call.attempt(), call.awaits(), call.adapter())
        .ending()) {
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
    announce(execution, path, attempt, oracle.words(path, attempt));
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
              world.truth().said(path, attempt, word, outcome);
            });
    if (!done) {
      world.later(World.SECOND, () -> say(execution, path, attempt, word));
    }
  }

  private static String token(UUID execution, String path, int attempt) {
    String token = World.CALLBACKS.token(execution, path);
    return attempt == 1 ? token : token + "." + attempt;
  }

  // -- signals, events and the end

  /** An execution has begun: from now on people have something to say to it. */
  void begins(UUID execution) {
    Set<String> types = new HashSet<>();
    for (Step step : plan.everyStep()) {
      switch (step.kind()) {
        case Kind.AwaitSignal signal ->
            inTurn(signal.name(), 0, (key, data) -> signal(execution, key, signal.name(), data));
        case Kind.AwaitEvent event -> {
          if (types.add(event.type())) {
            inTurn(event.type(), 0, (key, data) -> publish(execution + key, event.type(), data));
          }
        }
        default -> {}
      }
    }
    long cancel = oracle.cancelMillis(plan);
    if (cancel >= 0) {
      world.later(cancel * 1_000, () -> cancel(execution));
    }
  }

  /** Whoever says something says it until it was heard, and only then the next. */
  private void inTurn(String name, int number, BiPredicate<String, Object> says) {
    List<Ending.Word> words = oracle.words(name);
    if (number < words.size()) {
      Ending.Word word = words.get(number);
      long before = number == 0 ? 0 : words.get(number - 1).afterMillis();
      world.later(
          (word.afterMillis() - before) * 1_000,
          () -> {
            if (says.test(name + number, word.value())) {
              inTurn(name, number + 1, says);
            } else {
              world.later(World.SECOND, () -> again(name, number, says));
            }
          });
    }
  }

  private void again(String name, int number, BiPredicate<String, Object> says) {
    if (says.test(name + number, oracle.words(name).get(number).value())) {
      inTurn(name, number + 1, says);
    } else {
      world.later(World.SECOND, () -> again(name, number, says));
    }
  }

  private boolean signal(UUID execution, String key, String name, Object data) {
    return world.attempt(
        process -> {
          SignalOutcome outcome = process.engine().signal(World.TENANT, execution, key, name, data);
          world.truth().tell(world.micros(), "signal", key, outcome);
        });
  }

  private boolean publish(String name, String type, Object data) {
    UUID id = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    return world.attempt(process -> process.engine().publish(World.TENANT, id, type, KEY, data));
  }

  private void cancel(UUID execution) {
    boolean done =
        world.attempt(
            process ->
                world
                    .truth()
                    .tell(
                        world.micros(),
                        process.engine().cancel(World.TENANT, execution, "enough")));
    if (!done) {
      world.later(World.SECOND, () -> cancel(execution));
    }
  }
}
