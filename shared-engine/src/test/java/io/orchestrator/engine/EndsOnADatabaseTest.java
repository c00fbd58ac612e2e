package io.orchestrator.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.orchestrator.adapter.AdapterCall;
import io.orchestrator.adapter.Answer;
import io.orchestrator.execution.Execution;
import io.orchestrator.execution.Failure;
import io.orchestrator.execution.Raise;
import io.orchestrator.execution.StepStatus;
import io.orchestrator.store.ExecutionReads;
import io.orchestrator.store.PostgresExecutionStore;
import io.orchestrator.testing.FoldsBack;
import io.orchestrator.testing.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How executions begin, are steered and end, on a real database. */
class EndsOnADatabaseTest {
  @RegisterExtension static final FoldsBack FOLDS_BACK = new FoldsBack();

  /** The tests share a database, so each has a flow of its own. */
  private final String line = "line-" + UUID.randomUUID();

  private World world;

  @BeforeEach
  void begin() {
    world = new World(new PostgresExecutionStore(FOLDS_BACK.database().engine()));
  }

  @AfterEach
  void end() {
    world.close();
  }

  private static Answer refused(String type) {
    return new Answer.Refused(Failure.fatal(type, "no"));
  }

  private UUID start(World at, String flow, Object input) {
    return switch (at.engine()
        .start(new StartRequest(World.TENANT, flow, null, input, null, null))) {
      case Start.Accepted accepted -> accepted.id();
      case Start.Repeated repeated -> repeated.id();
      default -> null;
    };
  }

  @Test
  void a_failed_flow_is_undone_the_last_step_first() {
    world.publish(
        """
        flow: trip
        steps:
          - flight: {adapter: flights, compensate: {adapter: cancel_flight, params: {of: $flight.id}}}
          - hotel: {adapter: hotels, compensate: {adapter: cancel_hotel, params: {of: $hotel.id}}}
          - pay: bank
        """,
        "flights",
        "hotels",
        "bank",
        "cancel_flight",
        "cancel_hotel");
    world.service("flights", call -> new Answer.Done(Map.of("id", "f1"), "flights"));
    world.service("hotels", call -> new Answer.Done(Map.of("id", "h1"), "hotels"));
    world.service("bank", call -> refused("adapter_error"));

    Execution execution = world.ended(world.start("trip", Map.of()));

    assertThat(execution.status().text()).isEqualTo("compensated");
    assertThat(execution.failure().type()).isEqualTo("adapter_error");
    assertThat(execution.step("flight").status()).isEqualTo(StepStatus.COMPENSATED);
    assertThat(world.called())
        .containsExactly("flights", "hotels", "bank", "cancel_hotel", "cancel_flight");
    assertThat(world.calls().getLast().params()).isEqualTo(Map.of("of", "f1"));
  }

  @Test
  void another_adapter_stands_in_for_one_that_is_away_and_is_named() {
    world.publish(
        "flow: mail\nsteps:\n  - send: {adapter: first, fallback: [second, third]}\n",
        "first",
        "second",
        "third");
    world.service("first", call -> refused("adapter_unavailable"));
    world.service("second", call -> refused("circuit_open"));

    Execution execution = world.ended(world.start("mail", Map.of()));

    assertThat(execution.status().text()).isEqualTo("completed");
    assertThat(execution.step("send").servedBy()).isEqualTo("third");
    assertThat(world.called()).containsExactly("first", "second", "third");
    assertThat(world.calls().stream().map(AdapterCall::idempotencyKey).distinct()).hasSize(1);
  }

  @Test
  void one_that_stands_in_and_answers_later_is_named_too() {
    world.publish(
        "flow: "
            + line
            + "\nsteps:\n  - x: {adapter: first, fallback: [second], await: {callback: true}}\n",
        "first",
        "second");
    world.service("first", call -> refused("adapter_unavailable"));
    world.service("second", call -> new Answer.Later(1L));
    UUID id = world.start(line, Map.of());
    world.reaches(id, "waiting");

    answer(id);

    Execution execution = world.ended(id);
    assertThat(execution.step("x").output()).isEqualTo(1L);
    assertThat(execution.step("x").servedBy()).isEqualTo("second");
  }

  @Test
  void a_refusal_is_an_answer_and_nobody_stands_in() {
    world.publish(
        "flow: mail\nsteps:\n  - send: {adapter: first, fallback: [second]}\n", "first", "second");
    world.service("first", call -> refused("conflict"));

    assertThat(world.ended(world.start("mail", Map.of())).status().text()).isEqualTo("failed");
    assertThat(world.called()).containsExactly("first");
  }

  @Test
  void a_start_with_the_same_key_gives_the_same_execution() {
    world.publish("flow: order\nidempotency: {key: $input.order, ttl: 1h}\nsteps:\n  - a\n", "a");

    UUID first = start(world, "order", Map.of("order", 7L, "n", 1L));
    UUID second = start(world, "order", Map.of("order", 7L, "n", 2L));
    UUID other = start(world, "order", Map.of("order", 8L));

    assertThat(second).isEqualTo(first).isNotEqualTo(other);
    assertThat(List.of(start(world, "order", Map.of()), start(world, "order", Map.of())))
        .doesNotHaveDuplicates();
  }

  @Test
  void executions_are_found_by_their_search_attributes_as_they_are_now() {
    world.publish(
        """
        flow: order
        search: {customer: $input.customer, state: $vars.state, total: $sum.value}
        vars: {state: new}
        steps:
          - sum: {adapter: shop}
          - s: {set: {state: paid}}
          - x: {await: {callback: true}}
        """,
        "shop");
    world.service("shop", call -> new Answer.Done(Map.of("value", 42L), "shop"));
    ExecutionReads reads = new ExecutionReads(FOLDS_BACK.database().api());
    UUID mine = start(world, "order", Map.of("customer", "ada"));
    UUID other = start(world, "order", Map.of("customer", "bob"));
    world.reaches(mine, "waiting");
    world.reaches(other, "waiting");

    assertThat(found(reads, Map.of("customer", "ada"))).containsExactly(mine);
    assertThat(found(reads, Map.of("state", "paid"))).containsExactly(other, mine);
    assertThat(found(reads, Map.of("state", "new"))).isEmpty();
    assertThat(found(reads, Map.of("customer", "bob", "total", "42"))).containsExactly(other);
    assertThat(reads.attributes(World.TENANT, mine))
        .isEqualTo(Map.of("customer", "ada", "state", "paid", "total", "42"));
    assertThat(reads.attributes("others", mine)).isEmpty();
  }

  private static List<UUID> found(ExecutionReads reads, Map<String, String> search) {
    return reads
        .list(World.TENANT, new ExecutionReads.Query(null, null, List.of(), null, null, search, null, 10))
        .stream()
        .map(ExecutionReads.Summary::id)
        .toList();
  }

  private void waits(String concurrency) {
    world.publish(
        "flow: "
            + line
            + "\nconcurrency: "
            + concurrency
            + "\nsteps:\n  - x: {await: {callback: true}}\n  - a\n",
        "a");
  }

  private void answer(UUID id) {
    assertThat(world.engine().callback(world.token(id, "x"), 1L, null))
        .isEqualTo(CallbackOutcome.ACCEPTED);
  }

  @Test
  void those_beyond_the_limit_of_their_key_wait_for_their_turn() {
    waits("{limit: 1, key: $input.k}");
    UUID first = start(world, line, Map.of("k", "a"));
    UUID second = start(world, line, Map.of("k", "a"));
    UUID third = start(world, line, Map.of("k", "a"));
    UUID other = start(world, line, Map.of("k", "b"));
    world.reaches(first, "waiting");
    world.reaches(other, "waiting");
    assertThat(List.of(world.status(second), world.status(third)))
        .containsExactly("queued", "queued");

    answer(first);
    world.reaches(second, "waiting");
    assertThat(world.status(third)).isEqualTo("queued");
    assertThat(world.engine().cancel(World.TENANT, second, "no"))
        .isInstanceOf(CancelOutcome.Done.class);
    world.reaches(third, "waiting");
    answer(third);
    assertThat(world.ended(third).status().text()).isEqualTo("completed");
  }

  @Test
  void a_process_that_dies_when_a_turn_is_over_leaves_the_next_one_to_the_sweeper() {
    waits("{limit: 1}");
    UUID first = start(world, line, Map.of());
    UUID second = start(world, line, Map.of());
    world.reaches(first, "waiting");
    assertThat(world.view(second).stored().dueAt()).isNotNull();
    world.close();
    try (World next = new World(new PostgresExecutionStore(FOLDS_BACK.database().engine()))) {
      next.publish(
          "flow: "
              + line
              + "\nconcurrency: {limit: 1}\nsteps:\n  - x: {await: {callback: true}}\n  - a\n",
          "a");
      next.store().commit(cancelOf(first));
      next.hint(second, 2, io.orchestrator.queue.Hint.Kind.SWEPT);
      assertThat(next.status(second)).isEqualTo("waiting");
    }
  }

  /** Ends an execution as a process would that dies right after its commit. */
  private io.orchestrator.store.Commit cancelOf(UUID id) {
    int revision = world.view(id).stored().revision();
    return new io.orchestrator.store.Commit(
        id,
        revision,
        new io.orchestrator.store.Commit.Head("cancelled", "[]", null, null, null, true),
        List.of(
            new io.orchestrator.store.Commit.Row(
                "execution_cancelled", null, 0, "{\"cancelled\":[\"x\"]}", null)),
        List.of(),
        null,
        null);
  }

  @Test
  void with_reject_one_more_is_refused_and_leaves_nothing_behind() {
    waits("{limit: 1, on_limit: reject}");
    UUID first = start(world, line, Map.of());
    Start second =
        world.engine().start(new StartRequest(World.TENANT, line, null, Map.of(), null, null));

    assertThat(second).isEqualTo(new Start.NoRoom(1));
    world.reaches(first, "waiting");
    answer(first);
    world.ended(first);
    assertThat(start(world, line, Map.of())).isNotNull();
  }

  @Test
  void with_cancel_oldest_the_oldest_makes_room() {
    waits("{limit: 2, on_limit: cancel_oldest}");
    List<UUID> ids = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      ids.add(start(world, line, Map.of()));
      world.reaches(ids.get(i), "waiting");
    }
    assertThat(ids.stream().map(world::status)).containsExactly("cancelled", "waiting", "waiting");
    assertThat(world.view(ids.getFirst()).execution().reason()).contains(ids.getLast().toString());
  }

  @Test
  void with_replace_all_others_make_room() {
    waits("{limit: 2, on_limit: replace}");
    List<UUID> ids = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      ids.add(start(world, line, Map.of()));
      world.reaches(ids.get(i), "waiting");
    }
    assertThat(ids.stream().map(world::status))
        .containsExactly("cancelled", "cancelled", "waiting");
  }

  @Test
  void the_limit_holds_when_several_processes_start_at_the_same_time() throws Exception {
    String text = "flow: busy\nconcurrency: {limit: 3}\nsteps:\n  - a\n";
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<World> worlds = new ArrayList<>();
    Set<UUID> ids = java.util.Collections.synchronizedSet(new HashSet<>());
    try {
      for (int i = 0; i < 3; i++) {
        World one = new World(new PostgresExecutionStore(FOLDS_BACK.database().engine()));
        one.publish(text, "a");
        one.service(
            "a",
            call -> {
              most.accumulateAndGet(now.incrementAndGet(), Math::max);
              java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
              now.decrementAndGet();
              return new Answer.Done(1L, "a");
            });
        worlds.add(one);
      }
      world.publish(text, "a");
      List<Thread> starters = new ArrayList<>();
      for (int i = 0; i < 24; i++) {
        World one = worlds.get(i % worlds.size());
        starters.add(Thread.ofVirtual().start(() -> ids.add(start(one, "busy", Map.of()))));
      }
      for (Thread starter : starters) {
        starter.join();
      }
      assertThat(ids).hasSize(24);
      for (UUID id : ids) {
        await().atMost(Duration.ofSeconds(60)).until(() -> world.status(id).equals("completed"));
      }
      assertThat(most.get()).isBetween(1, 3);
    } finally {
      worlds.forEach(World::close);
    }
  }

  @Test
  void a_paused_execution_goes_on_when_it_is_resumed() {
    world.publish("flow: slow\nsteps:\n  - w: {wait: 1s}\n  - a\n", "a");
    UUID id = start(world, "slow", Map.of());
    world.reaches(id, "waiting");

    assertThat(world.engine().pause(World.TENANT, id, "look"))
        .isEqualTo(new Resumption.Done("paused"));
    assertThat(world.view(id).stored().dueAt()).isNull();
    assertThat(world.engine().pause(World.TENANT, id, "look"))
        .isInstanceOf(Resumption.Refused.class);
    assertThat(world.engine().pause("others", id, "look")).isInstanceOf(Resumption.NotFound.class);
    assertThat(world.engine().resume(World.TENANT, id, Raise.NONE))
        .isInstanceOf(Resumption.Done.class);
    assertThat(world.ended(id).status().text()).isEqualTo("completed");
    assertThat(world.engine().resume(World.TENANT, id, Raise.NONE))
        .isEqualTo(new Resumption.AlreadyFinal("completed"));
  }

  @Test
  void a_used_up_budget_pauses_until_it_is_raised() {
    world.publish(
        "flow: thrifty\nbudget: {tokens: 10, on_exceed: pause}\nsteps:\n  - a\n  - b\n", "a", "b");
    world.service("a", call -> new Answer.Done(Map.of("usage", Map.of("tokens", 12L)), "a"));
    UUID id = start(world, "thrifty", Map.of());
    world.reaches(id, "paused");

    assertThat(world.engine().resume(World.TENANT, id, Raise.NONE))
        .isInstanceOf(Resumption.Refused.class);
    assertThat(world.engine().resume(World.TENANT, id, new Raise(null, null, 100L, null)))
        .isInstanceOf(Resumption.Done.class);
    assertThat(world.ended(id).used().tokens()).isEqualTo(12);
    assertThat(world.called()).containsExactly("a", "b");
  }

  @Test
  void flows_call_each_other_eight_deep_and_no_deeper() {
    String last = line + "-9";
    world.publish("flow: " + last + "\nsteps:\n  - done: {return: 9}\n");
    for (int i = 8; i >= 0; i--) {
      world.publish(
          "flow: " + line + "-" + i + "\nsteps:\n  - next: {flow: " + line + "-" + (i + 1) + "}\n");
    }

    assertThat(world.ended(world.start(line + "-1", Map.of())).output()).isEqualTo(9L);
    Execution deeper = world.ended(world.start(line + "-0", Map.of()));

    assertThat(deeper.status().text()).isEqualTo("failed");
    assertThat(deeper.failure().type()).isEqualTo("validation");
    assertThat(deeper.failure().message()).contains("more than 8 deep");
  }
}
