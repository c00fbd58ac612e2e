package io.orchestrator.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.orchestrator.adapter.AdapterCall;
import io.orchestrator.adapter.Answer;
import io.orchestrator.execution.Execution;
import io.orchestrator.execution.Failure;
import io.orchestrator.execution.Status;
import io.orchestrator.execution.StepStatus;
import io.orchestrator.queue.Hint;
import io.orchestrator.store.PostgresExecutionStore;
import io.orchestrator.testing.FoldsBack;
import io.orchestrator.testing.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Hints, answers and processes that meet at one execution: each thing happens once. */
class ManyHandsTest {
  @RegisterExtension static final FoldsBack FOLDS_BACK = new FoldsBack();

  private final List<World> worlds = new ArrayList<>();
  private World world;

  @BeforeEach
  void begin() {
    world = another();
  }

  @AfterEach
  void end() {
    worlds.forEach(World::close);
  }

  private World another() {
    return another(true);
  }

  private World another(boolean runAhead) {
    PostgresExecutionStore store = new PostgresExecutionStore(FOLDS_BACK.database().engine());
    World made = new World(store, new EngineOptions("world-" + UUID.randomUUID(), runAhead, true));
    worlds.add(made);
    return made;
  }

  private void until(UUID id, String status) {
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> world.status(id).equals(status));
  }

  private static <T> List<T> together(int copies, Callable<T> what) throws Exception {
    return together(Collections.nCopies(copies, what));
  }

  private static <T> List<T> together(List<Callable<T>> all) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<T> results = new ArrayList<>();
      for (Future<T> result : threads.invokeAll(all)) {
        results.add(result.get());
      }
      return results;
    }
  }

  private static Answer after(CountDownLatch gate, Answer answer) {
    try {
      if (!gate.await(20, TimeUnit.SECONDS)) {
        throw new IllegalStateException("nobody opened the gate");
      }
      return answer;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Answer.Refused(Failure.fatal("interrupted", "the test is over"));
    }
  }

  private static Answer slowly(long millis, AdapterCall call) {
    try {
      Thread.sleep(millis); // a service that takes its time
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return new Answer.Done(Map.of("ok", true), call.adapter());
  }

  private static void meet(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void ten_copies_of_a_hint_change_the_state_once_a_step() throws Exception {
    world.publish("flow: ten\nsteps: [a, b, c]\n", "a", "b", "c");
    CountDownLatch gate = new CountDownLatch(1);
    world.service("a", call -> after(gate, new Answer.Done(1L, "a")));
    UUID id = world.start("ten", null);
    List<Callable<Integer>> copies =
        Collections.nCopies(
            10,
            () -> {
              world.hint(id, 1, Hint.Kind.RUN);
              return 1;
            });
    await().until(() -> !world.calls().isEmpty());
    gate.countDown();
    together(copies);

    Execution execution = world.ended(id);
    together(copies);
    world.hint(id, 1, Hint.Kind.SWEPT);

    assertThat(world.called()).containsExactly("a", "b", "c");
    assertThat(world.view(id).execution().revision()).isEqualTo(execution.revision()).isEqualTo(5);
  }

  @Test
  void ten_equal_answers_resume_once() throws Exception {
    world.publish("flow: ask\nsteps:\n  - q: {await: {callback: true}}\n  - after: a\n", "a");
    for (int i = 1; i <= 20; i++) {
      UUID id = world.start("ask", null);
      until(id, "waiting");

      List<CallbackOutcome> outcomes =
          together(
              10, () -> world.engine().callback(world.token(id, "q"), Map.of("ok", true), null));

      assertThat(outcomes).containsOnly(CallbackOutcome.ACCEPTED, CallbackOutcome.SAME);
      assertThat(outcomes.stream().filter(CallbackOutcome.ACCEPTED::equals)).hasSize(1);
      world.ended(id);
      assertThat(world.called()).hasSize(i).containsOnly("a");
    }
  }

  @Test
  void an_answer_and_a_cancel_meet_and_one_wins() throws Exception {
    world.publish("flow: ask\nsteps:\n  - q: {await: {callback: true}}\n", "a");
    for (int i = 0; i < 50; i++) {
      UUID id = world.start("ask", null);
      until(id, "waiting");
      List<Object> both =
          together(
              List.<Callable<Object>>of(
                  () -> world.engine().callback(world.token(id, "q"), 1L, null),
                  () -> world.engine().cancel(World.TENANT, id, "enough")));
      boolean answered = both.getFirst().equals(CallbackOutcome.ACCEPTED);
      assertThat(both.getLast() instanceof CancelOutcome.Done).isNotEqualTo(answered);
      assertThat(world.status(id)).isEqualTo(answered ? "completed" : "cancelled");
      if (!answered) {
        assertThat(both.getFirst()).isEqualTo(CallbackOutcome.LATE);
      }
    }
  }

  @Test
  void an_answer_and_a_timeout_meet_and_one_wins() throws Exception {
    world.publish("flow: ask\nsteps:\n  - q: {await: {callback: true, timeout: 20ms}}\n", "a");
    for (int i = 0; i < 50; i++) {
      UUID id = world.start("ask", null);
      await().pollDelay(Duration.ofMillis(14 + i % 10)).until(() -> true);
      CallbackOutcome outcome = world.engine().callback(world.token(id, "q"), 1L, null);
      Execution execution = world.ended(id);
      assertThat(execution.status().text())
          .isEqualTo(outcome == CallbackOutcome.ACCEPTED ? "completed" : "failed");
      assertThat(outcome).isIn(CallbackOutcome.ACCEPTED, CallbackOutcome.LATE);
    }
  }

  @Test
  void an_answer_during_the_call_that_announces_it_is_kept() {
    world.publish(
        "flow: early\nsteps:\n  - q: {adapter: ask, await: {callback: true}}\n  - after: a\n",
        "ask",
        "a");
    List<CallbackOutcome> outcomes = Collections.synchronizedList(new ArrayList<>());
    world.service(
        "ask",
        call -> {
          outcomes.add(world.engine().callback(call.callbackToken(), "early", null));
          return new Answer.Later(null);
        });

    Execution execution = world.ended(world.start("early", null));

    assertThat(outcomes).containsExactly(CallbackOutcome.ACCEPTED);
    assertThat(execution.step("q").output()).isEqualTo("early");
    assertThat(world.called()).containsExactly("ask", "a");
  }

  @Test
  void an_answer_that_reports_a_failure_leads_to_a_call_that_can_be_answered_again() {
    world.publish(
        "flow: again\n"
            + "steps:\n"
            + "  - q: {adapter: ask, await: {callback: true}, retry: {attempts: 2, backoff:"
            + " [300ms], jitter: none}}\n",
        "ask");
    world.service("ask", call -> new Answer.Later((long) call.attempt()));
    UUID id = world.start("again", null);
    until(id, "waiting");
    String token = world.token(id, "q");

    assertThat(world.engine().callback(token, null, Failure.temporary("adapter_error", "no")))
        .isEqualTo(CallbackOutcome.ACCEPTED);
    await().until(() -> world.calls().size() == 2);
    until(id, "waiting");
    String second = world.token(id, "q", 2);
    assertThat(world.calls().getLast().callbackToken()).isEqualTo(second);
    assertThat(world.engine().callback(second, "yes", null)).isEqualTo(CallbackOutcome.ACCEPTED);

    assertThat(world.ended(id).output()).isEqualTo("yes");
    assertThat(world.engine().callback(second, "yes", null)).isEqualTo(CallbackOutcome.SAME);
  }

  @Test
  void an_answer_to_an_attempt_that_is_over_does_not_count_for_the_next_one() {
    world.publish(
        "flow: again\n"
            + "steps:\n"
            + "  - q: {adapter: ask, await: {callback: true}, retry: {attempts: 2, backoff:"
            + " [10ms], jitter: none}}\n",
        "ask");
    world.service("ask", call -> new Answer.Later((long) call.attempt()));
    UUID id = world.start("again", null);
    until(id, "waiting");
    String first = world.token(id, "q");
    Failure no = Failure.temporary("adapter_error", "no");
    assertThat(world.engine().callback(first, null, no)).isEqualTo(CallbackOutcome.ACCEPTED);
    await().until(() -> world.calls().size() == 2);
    until(id, "waiting");

    assertThat(world.engine().callback(first, null, no)).isEqualTo(CallbackOutcome.SAME);
    assertThat(world.engine().callback(first, "yes", null)).isEqualTo(CallbackOutcome.DIFFERENT);
    assertThat(world.engine().callback(first, null, Failure.temporary("adapter_error", "never")))
        .isEqualTo(CallbackOutcome.DIFFERENT);
    assertThat(world.view(id).execution().step("q").attempt()).isEqualTo(2);

    String second = world.token(id, "q", 2);
    assertThat(world.engine().callback(second, null, no)).isEqualTo(CallbackOutcome.ACCEPTED);
    assertThat(world.ended(id).status()).isEqualTo(Status.FAILED);
    assertThat(world.engine().callback(second, "yes", null)).isEqualTo(CallbackOutcome.DIFFERENT);
    assertThat(world.engine().callback(first, null, no)).isEqualTo(CallbackOutcome.SAME);
  }

  @Test
  void a_good_answer_to_a_call_that_was_given_up_and_is_repeated_counts_a_bad_one_does_not() {
    world.publish(
        "flow: again\n"
            + "steps:\n"
            + "  - q: {adapter: ask, await: {callback: true}, retry: {attempts: 2, backoff:"
            + " [1h], jitter: none}}\n",
        "ask");
    world.service(
        "ask", call -> new Answer.Refused(Failure.temporary("timeout", "it took too long")));
    UUID id = world.start("again", null);
    await().until(() -> world.view(id).execution().step("q").status() == StepStatus.RETRYING);
    String first = world.token(id, "q");

    assertThat(world.engine().callback(first, null, Failure.temporary("adapter_error", "no")))
        .isEqualTo(CallbackOutcome.LATE);
    assertThat(world.engine().callback(first, "yes", null)).isEqualTo(CallbackOutcome.ACCEPTED);
    assertThat(world.ended(id).output()).isEqualTo("yes");
  }

  @Test
  void a_handler_that_retries_opens_the_wait_again() {
    world.publish(
        "flow: again\n"
            + "steps:\n"
            + "  - q: {adapter: ask, await: {callback: true}, on_error: {steps: [a], then:"
            + " retry}}\n",
        "ask",
        "a");
    world.service("ask", call -> new Answer.Later((long) call.attempt()));
    UUID id = world.start("again", null);
    until(id, "waiting");
    String token = world.token(id, "q");

    world.engine().callback(token, null, Failure.fatal("adapter_error", "no"));
    await().until(() -> world.called().equals(List.of("ask", "a", "ask")));
    until(id, "waiting");

    assertThat(world.engine().callback(world.token(id, "q", 2), "yes", null))
        .isEqualTo(CallbackOutcome.ACCEPTED);
    assertThat(world.ended(id).output()).isEqualTo("yes");
  }

  @Test
  void a_failing_branch_cancels_the_others_and_their_late_results_are_ignored() {
    world.publish(
        "flow: fork\n"
            + "steps:\n"
            + "  - p: {parallel: [slow, bad], on_error: {steps: [a], then: continue}}\n",
        "slow",
        "bad",
        "a");
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch gate = new CountDownLatch(1);
    world.service(
        "slow",
        call -> {
          begun.countDown();
          return after(gate, new Answer.Done("late", "slow"));
        });
    world.service(
        "bad",
        call -> {
          meet(begun);
          return new Answer.Refused(Failure.fatal("adapter_error", "no"));
        });
    world.service(
        "a",
        call -> {
          gate.countDown();
          return slowly(100, call);
        });

    Execution execution = world.ended(world.start("fork", null));

    assertThat(execution.status().text()).isEqualTo("completed");
    assertThat(execution.step("p/slow").status()).isEqualTo(StepStatus.CANCELLED);
    assertThat(execution.step("p/slow").output()).isNull();
  }

  @Test
  void three_branches_of_300_ms_take_less_than_700() {
    world.publish("flow: fork\nsteps:\n  - parallel: [a, b, c]\n", "a", "b", "c");
    List.of("a", "b", "c").forEach(name -> world.service(name, call -> slowly(300, call)));

    Execution execution = world.ended(world.start("fork", null));

    assertThat(Duration.between(execution.startedAt(), execution.endedAt()))
        .isLessThan(Duration.ofMillis(700));
  }

  @Test
  void the_timeout_of_a_group_strikes_during_its_only_call() {
    world.publish(
        "flow: group\n"
            + "steps:\n"
            + "  - g: {do: [a], timeout: 200ms, on_error: {steps: [b], then: continue}}\n",
        "a",
        "b");
    CountDownLatch gate = new CountDownLatch(1);
    world.service("a", call -> after(gate, new Answer.Done(1L, "a")));
    world.service(
        "b",
        call -> {
          gate.countDown();
          return new Answer.Done("b", "b");
        });

    Execution execution = world.ended(world.start("group", null));

    assertThat(execution.step("g").failure().type()).isEqualTo("timeout");
    assertThat(execution.output()).isEqualTo("b");
  }

  @Test
  void two_processes_never_call_a_step_twice_while_both_get_hints() {
    World other = another();
    List<String> seen = Collections.synchronizedList(new ArrayList<>());
    List<String> names = List.of("a", "b", "c", "d");
    for (World each : List.of(world, other)) {
      each.publish("flow: two\nsteps: [a, b, c, d]\n", "a", "b", "c", "d");
      names.forEach(
          name ->
              each.service(
                  name,
                  call -> {
                    seen.add(name);
                    return slowly(60, call);
                  }));
    }
    UUID id = world.start("two", null);
    await()
        .pollInterval(Duration.ofMillis(2))
        .until(
            () ->
                world.view(id).stored().owner() != null
                    || world.view(id).execution().status().isFinal());
    while (!world.view(id).execution().status().isFinal()) {
      int revision = world.view(id).execution().revision();
      other.hint(id, revision, Hint.Kind.RUN);
      other.hint(id, revision, Hint.Kind.SWEPT);
      world.hint(id, revision, Hint.Kind.RUN);
    }

    assertThat(seen).containsExactly("a", "b", "c", "d");
    assertThat(world.view(id).execution().revision()).isEqualTo(6);
  }

  @Test
  void a_lease_is_renewed_while_a_call_takes_long() {
    World other = another();
    for (World each : List.of(world, other)) {
      each.publish("flow: long\nsteps: [quick, slow]\n", "quick", "slow");
      each.service("slow", call -> slowly(3_000, call));
    }
    UUID id = world.start("long", null);
    await().until(() -> world.called().contains("slow"));
    while (!world.view(id).execution().status().isFinal()) {
      other.hint(id, world.view(id).execution().revision(), Hint.Kind.SWEPT);
      await().pollDelay(Duration.ofMillis(100)).until(() -> true);
    }

    assertThat(world.called()).containsExactly("quick", "slow");
    assertThat(other.called()).isEmpty();
  }

  @Test
  void what_a_lost_process_had_in_hand_is_repeated_with_the_same_key() {
    World lost = another();
    CountDownLatch gate = new CountDownLatch(1);
    for (World each : List.of(world, lost)) {
      each.publish("flow: lost\nsteps: [a, b, c]\n", "a", "b", "c");
    }
    lost.service("b", call -> after(gate, new Answer.Done("too late", "b")));
    world.service("b", call -> new Answer.Done("repeated", "b"));
    UUID id = lost.start("lost", null);
    await().until(() -> lost.called().contains("b"));
    lost.engine().close(); // it renews nothing more

    sweepUntilEnded(id);
    gate.countDown();

    assertThat(world.view(id).execution().step("b").output()).isEqualTo("repeated");
    assertThat(world.called()).containsExactly("b", "c");
    assertThat(world.calls().getFirst().idempotencyKey())
        .isEqualTo(lost.calls().getLast().idempotencyKey());
    assertThat(world.calls().getFirst().attempt()).isEqualTo(1);
  }

  @Test
  void what_may_be_called_once_ends_interrupted_when_its_process_is_lost() {
    World lost = another();
    CountDownLatch gate = new CountDownLatch(1);
    for (World each : List.of(world, lost)) {
      each.publish(
          "flow: once\n"
              + "steps:\n"
              + "  - x: {adapter: charge, delivery: at_most_once, on_error: [tell]}\n",
          "charge",
          "tell");
    }
    lost.service("charge", call -> after(gate, new Answer.Done("too late", "charge")));
    UUID id = lost.start("once", null);
    await().until(() -> lost.called().contains("charge"));
    lost.engine().close();

    Execution execution = sweepUntilEnded(id);
    gate.countDown();

    assertThat(world.called()).containsExactly("tell");
    assertThat(execution.failure().type()).isEqualTo("interrupted");
    assertThat(execution.handled()).isTrue();
  }

  @Test
  void five_strikes_end_a_step() {
    world.publish("flow: poison\nsteps: [a]\n", "a");
    CountDownLatch gate = new CountDownLatch(1);
    UUID id = null;
    for (int i = 0; i < 5; i++) {
      World victim = another();
      victim.publish("flow: poison\nsteps: [a]\n", "a");
      victim.service("a", call -> after(gate, new Answer.Done(1L, "a")));
      if (id == null) {
        id = victim.start("poison", null);
      } else {
        UUID known = id;
        int revision = world.view(id).stored().revision();
        Thread.startVirtualThread(() -> victim.hint(known, revision, Hint.Kind.SWEPT));
      }
      await().until(() -> !victim.called().isEmpty());
      victim.engine().close();
      UUID known = id;
      FOLDS_BACK
          .database()
          .execute(
              "update executions set lease_until = clock_timestamp(), due_at = clock_timestamp()"
                  + " where lease_owner is not null and id = '"
                  + known
                  + "'");
    }

    Execution execution = sweepUntilEnded(id);
    gate.countDown();

    assertThat(world.called()).isEmpty();
    assertThat(execution.failure().type()).isEqualTo("internal");
    assertThat(execution.failure().message()).contains("lost 5 times");
  }

  @Test
  void without_running_ahead_each_step_is_handed_over_at_once() {
    List<World> both = List.of(another(false), another(false));
    for (World each : both) {
      each.publish(
          "flow: hop\nsteps:\n  - a\n  - x: {adapter: b, delivery: at_most_once}\n  - c\n",
          "a",
          "b",
          "c");
    }
    UUID id = both.getFirst().start("hop", null);
    await().until(() -> both.getFirst().view(id).execution().status().isFinal());

    Execution execution = both.getFirst().view(id).execution();
    assertThat(execution.status().text()).isEqualTo("completed");
    assertThat(Duration.between(execution.startedAt(), execution.endedAt()))
        .isLessThan(Duration.ofMillis(1_500));
    assertThat(both.getFirst().called()).containsExactly("a", "b", "c");
  }

  @Test
  void an_execution_that_was_handed_over_has_no_owner() {
    World hopping = another(false);
    hopping.publish("flow: hop\nsteps: [a, b]\n", "a", "b");
    List<String> owners = Collections.synchronizedList(new ArrayList<>());
    List<UUID> ids = Collections.synchronizedList(new ArrayList<>());
    hopping.service(
        "b",
        call -> {
          owners.add(String.valueOf(hopping.view(call.execution()).stored().owner()));
          return new Answer.Done(1L, "b");
        });
    ids.add(hopping.start("hop", null));
    await().until(() -> hopping.view(ids.getFirst()).execution().status().isFinal());

    assertThat(owners).containsExactly("null");
  }

  private Execution sweepUntilEnded(UUID id) {
    await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              if (!world.view(id).execution().status().isFinal()) {
                world.hint(id, world.view(id).stored().revision(), Hint.Kind.SWEPT);
              }
              return world.view(id).execution().status().isFinal();
            });
    return world.view(id).execution();
  }
}
