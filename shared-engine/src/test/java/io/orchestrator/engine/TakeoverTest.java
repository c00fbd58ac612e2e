package io.orchestrator.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.orchestrator.adapter.AdapterCall;
import io.orchestrator.adapter.Answer;
import io.orchestrator.execution.Execution;
import io.orchestrator.queue.Hint;
import io.orchestrator.store.PostgresExecutionStore;
import io.orchestrator.store.Stored;
import io.orchestrator.testing.FoldsBack;
import io.orchestrator.testing.World;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who goes on with an execution when hints are late and processes were given up: one of them. */
class TakeoverTest {
  @RegisterExtension static final FoldsBack FOLDS_BACK = new FoldsBack();

  private final List<World> worlds = new ArrayList<>();

  @AfterEach
  void end() {
    worlds.forEach(World::close);
  }

  private World process() {
    PostgresExecutionStore store = new PostgresExecutionStore(FOLDS_BACK.database().engine());
    World made = new World(store, new EngineOptions("process-" + UUID.randomUUID(), true, true));
    worlds.add(made);
    return made;
  }

  private static Answer once(CountDownLatch gate, AdapterCall call) {
    try {
      if (!gate.await(20, TimeUnit.SECONDS)) {
        throw new IllegalStateException("nobody opened the gate");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return new Answer.Done(Map.of("ok", true), call.adapter());
  }

  private static boolean hasEnded(World world, UUID id) {
    return world.view(id).execution().status().isFinal();
  }

  private static void sweepUntil(World world, UUID id, BooleanSupplier done) {
    await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              if (!done.getAsBoolean()) {
                int revision = world.view(id).stored().revision();
                Thread.startVirtualThread(() -> world.hint(id, revision, Hint.Kind.SWEPT));
              }
              return done.getAsBoolean();
            });
  }

  @Test
  void a_process_that_wakes_after_it_was_given_up_calls_nothing_more() {
    World frozen = process();
    World other = process();
    CountDownLatch asleep = new CountDownLatch(1);
    CountDownLatch busy = new CountDownLatch(1);
    for (World each : worlds) {
      each.publish("flow: wakes\nsteps: [a, b, c]\n", "a", "b", "c");
    }
    frozen.service("a", call -> once(asleep, call));
    other.service("b", call -> once(busy, call));
    UUID id = frozen.start("wakes", null);
    await().until(() -> frozen.called().contains("a"));
    frozen.engine().close(); // it renews nothing more
    sweepUntil(other, id, () -> other.called().contains("b"));

    asleep.countDown(); // it has its answer, and b is being called elsewhere

    await()
        .during(Duration.ofMillis(500))
        .atMost(Duration.ofSeconds(5))
        .until(() -> frozen.called().equals(List.of("a")));
    busy.countDown();
    await().until(() -> hasEnded(other, id));
    assertThat(other.called()).containsExactly("a", "b", "c");
    assertThat(frozen.called()).containsExactly("a");
  }

  @Test
  void a_hint_of_an_earlier_revision_calls_nothing() {
    World one = process();
    World other = process();
    CountDownLatch busy = new CountDownLatch(1);
    for (World each : worlds) {
      each.publish("flow: late\nsteps: [a, b]\n", "a", "b");
    }
    one.service("b", call -> once(busy, call));
    UUID id = one.start("late", null);
    await().until(() -> one.called().contains("b"));
    FOLDS_BACK
        .database()
        .execute(
            "update executions set lease_owner = null, lease_until = null where id = '"
                + id
                + "'"); // as if it were free

    other.hint(id, 1, Hint.Kind.RUN);

    assertThat(other.called()).isEmpty();
    busy.countDown();
    await().until(() -> hasEnded(one, id));
    assertThat(one.called()).containsExactly("a", "b");
  }

  @Test
  void an_answer_for_one_branch_leaves_the_calls_of_the_others_where_they_are() {
    World runner = process();
    World api = process();
    CountDownLatch busy = new CountDownLatch(1);
    for (World each : worlds) {
      each.publish(
          "flow: fork\nsteps:\n  - parallel:\n      - slow\n      - q: {adapter: ask, await:"
              + " {callback: true}}\n  - after: a\n",
          "slow",
          "ask",
          "a");
    }
    runner.service("slow", call -> once(busy, call));
    runner.service("ask", call -> new Answer.Later(null));
    UUID id = runner.start("fork", null);
    await().until(() -> runner.called().containsAll(List.of("slow", "ask")));

    CallbackOutcome outcome = api.engine().callback(api.token(id, "parallel_1/q"), "yes", null);

    assertThat(outcome).isEqualTo(CallbackOutcome.ACCEPTED);
    await()
        .during(Duration.ofMillis(300))
        .atMost(Duration.ofSeconds(5))
        .until(() -> api.called().isEmpty());
    busy.countDown();
    await().until(() -> hasEnded(runner, id));
    assertThat(runner.called()).containsExactlyInAnyOrder("slow", "ask", "a");
    assertThat(api.called()).isEmpty();
  }

  @Test
  void an_answer_that_comes_during_the_first_calls_doubles_none_of_them() {
    World runner = process();
    World api = process();
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch asked = new CountDownLatch(1);
    for (World each : worlds) {
      each.publish(
          "flow: early\nsteps:\n  - parallel:\n      - slow\n      - q: {adapter: ask, await:"
              + " {callback: true}}\n  - after: a\n",
          "slow",
          "ask",
          "a");
    }
    runner.service("slow", call -> once(busy, call));
    runner.service("ask", call -> once(asked, call));
    UUID id = runner.start("early", null);
    await().until(() -> runner.called().containsAll(List.of("slow", "ask")));

    assertThat(api.engine().callback(api.token(id, "parallel_1/q"), "yes", null))
        .isEqualTo(CallbackOutcome.ACCEPTED);

    asked.countDown();
    busy.countDown();
    await().until(() -> hasEnded(runner, id));
    assertThat(runner.called()).containsExactlyInAnyOrder("slow", "ask", "a");
    assertThat(api.called()).isEmpty();
  }

  @Test
  void a_hint_that_was_lost_is_made_up_for_by_a_sweep() {
    World dead = process();
    World other = process();
    for (World each : worlds) {
      each.publish("flow: lost\nsteps: [a, b]\n", "a", "b");
    }
    CountDownLatch never = new CountDownLatch(1);
    dead.service("a", call -> once(never, call));
    UUID id = dead.start("lost", null);
    await().until(() -> dead.called().contains("a"));
    dead.engine().close(); // it took the first hint and has written no lease

    sweepUntil(other, id, () -> hasEnded(other, id));

    never.countDown();
    assertThat(other.called()).containsExactly("a", "b");
    assertThat(other.calls().getFirst().idempotencyKey())
        .isEqualTo(dead.calls().getFirst().idempotencyKey());
  }

  @Test
  void a_waiting_execution_whose_owner_is_gone_is_taken_once_and_then_left_to_its_timer() {
    World world = process();
    world.publish("flow: nap\nsteps:\n  - w: {wait: 1h}\n");
    UUID id = world.start("nap", null);
    Execution execution = world.view(id).execution();
    Instant timer = execution.step("w").due();
    assertThat(world.store().claim(id, execution.revision(), "gone", Duration.ofNanos(1_000)))
        .isEqualTo(1);
    assertThat(world.store().load(id).orElseThrow().dueAt()).isBefore(timer);

    world.hint(id, execution.revision(), Hint.Kind.SWEPT);

    assertThat(world.store().load(id).orElseThrow())
        .returns(null, Stored::owner)
        .returns(timer, Stored::dueAt)
        .returns(execution.revision(), Stored::revision);
  }

  @Test
  void a_call_that_another_process_makes_again_has_the_same_ids_and_times_in_its_params() {
    World lost = process();
    World other = process();
    CountDownLatch gone = new CountDownLatch(1);
    for (World each : worlds) {
      each.publish(
          """
          flow: stamped
          steps:
            - s: {set: {id: "${ uuid() }", at: "${ now() }"}}
            - x:
                adapter: a
                params:
                  id: "${ uuid() }"
                  other: "${ uuid() }"
                  at: "${ now() }"
                  set_id: $vars.id
                  set_at: $vars.at
          """,
          "a");
    }
    lost.service("a", call -> once(gone, call));
    UUID id = lost.start("stamped", null);
    await().until(() -> lost.called().contains("a"));
    lost.engine().close(); // it renews nothing more
    sweepUntil(other, id, () -> hasEnded(other, id));
    gone.countDown();

    Map<?, ?> params = (Map<?, ?>) lost.calls().getFirst().params();
    assertThat(other.calls().getFirst().params()).isEqualTo(params);
    Map<String, Object> vars = other.view(id).execution().vars();
    assertThat(params.get("set_id")).isEqualTo(vars.get("id")).isNotEqualTo(params.get("id"));
    assertThat(params.get("set_at")).isEqualTo(vars.get("at"));
    assertThat(params.get("id")).isNotEqualTo(params.get("other"));
    assertThat(History.fold(other.view(id).stored()).vars()).isEqualTo(vars);
  }
}
