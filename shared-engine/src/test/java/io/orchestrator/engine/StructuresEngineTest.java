package io.orchestrator.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.orchestrator.adapter.AdapterCall;
import io.orchestrator.adapter.Answer;
import io.orchestrator.execution.Execution;
import io.orchestrator.execution.Failure;
import io.orchestrator.store.PostgresExecutionStore;
import io.orchestrator.testing.FoldsBack;
import io.orchestrator.testing.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Loops and other structures that run in one process on a real database. */
class StructuresEngineTest {
  @RegisterExtension static final FoldsBack FOLDS_BACK = new FoldsBack();

  private World world;

  @BeforeEach
  void begin() {
    world = new World(new PostgresExecutionStore(FOLDS_BACK.database().engine()));
  }

  @AfterEach
  void end() {
    world.close();
  }

  @Test
  void the_items_of_nested_loops_are_called_once_each_with_a_key_of_their_own() {
    world.publish(
        """
        flow: orders
        steps:
          - orders:
              foreach: $input
              as: order
              concurrency: 3
              do:
                - lines:
                    foreach: $order.lines
                    concurrency: 2
                    do:
                      - ship: {adapter: ship, params: {order: $order.id, line: $item, n: $index}}
                    collect: $ship.of
                - bill: {adapter: bill, params: {order: $order.id, lines: $lines}}
        """,
        "ship",
        "bill");
    world.service(
        "ship", call -> new Answer.Done(Map.of("of", params(call).get("line")), call.adapter()));
    world.service("bill", call -> new Answer.Done(params(call), call.adapter()));
    List<Object> orders = new ArrayList<>();
    for (long i = 0; i < 5; i++) {
      orders.add(Map.of("id", i, "lines", List.of("a" + i, "b" + i, "c" + i)));
    }

    Execution execution = world.ended(world.start("orders", orders));

    assertThat(execution.output())
        .isEqualTo(
            LongStream.range(0, 5)
                .mapToObj(i -> Map.of("order", i, "lines", List.of("a" + i, "b" + i, "c" + i)))
                .toList());
    assertThat(world.calls()).hasSize(20);
    assertThat(world.calls().stream().map(AdapterCall::idempotencyKey)).doesNotHaveDuplicates();
    assertThat(world.calls().stream().map(AdapterCall::path))
        .contains("orders[4]/lines[2]/ship", "orders[0]/bill");
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> params(AdapterCall call) {
    return (Map<String, Object>) call.params();
  }

  @Test
  void every_item_that_awaits_an_answer_has_a_token_of_its_own() {
    world.publish(
        """
        flow: ask-all
        steps:
          - each:
              foreach: $input
              concurrency: 2
              do:
                - ask: {adapter: ask, params: {to: $item}, await: {callback: true, timeout: 1h}}
        """,
        "ask");
    world.service("ask", call -> new Answer.Later(Map.of("queued", true)));

    UUID id = world.start("ask-all", List.of("ada", "bob"));
    await().until(() -> world.status(id).equals("waiting") && world.calls().size() == 2);
    String second = world.token(id, "each[1]/ask");

    assertThat(world.engine().callback(second, "bob says yes", null))
        .isEqualTo(CallbackOutcome.ACCEPTED);
    assertThat(world.engine().callback(second, "bob says yes", null))
        .isEqualTo(CallbackOutcome.SAME);
    assertThat(world.engine().callback(second, "bob says no", null))
        .isEqualTo(CallbackOutcome.DIFFERENT);
    world.engine().callback(world.token(id, "each[0]/ask"), "ada says no", null);

    assertThat(world.ended(id).output()).isEqualTo(List.of("ada says no", "bob says yes"));
  }

  @Test
  void a_repeat_pauses_between_its_rounds_and_a_group_does_its_finally() {
    world.publish(
        """
        flow: poll
        steps:
          - rent:
              do:
                - poll:
                    repeat:
                      - ask: {adapter: ask}
                    until: $ask.n == 3
                    every: 20ms
                - broken: {adapter: broken}
              finally:
                - release: {adapter: release, params: {why: $error.type, step: $error.step}}
              on_error: {steps: [note: {set: {n: $poll.n}}], then: continue}
        """,
        "ask",
        "broken",
        "release");
    AtomicInteger asked = new AtomicInteger();
    world.service(
        "ask", call -> new Answer.Done(Map.of("n", (long) asked.incrementAndGet()), "ask"));
    world.service("broken", call -> new Answer.Refused(Failure.fatal("conflict", "409")));

    Execution execution = world.ended(world.start("poll", null));

    assertThat(execution.status().text()).isEqualTo("completed");
    assertThat(execution.vars()).isEqualTo(Map.of("n", 3L));
    assertThat(world.called()).containsExactly("ask", "ask", "ask", "broken", "release");
    assertThat(world.calls().getLast().params())
        .isEqualTo(Map.of("why", "conflict", "step", "broken"));
  }

  @Test
  void a_thousand_items_leave_no_more_than_their_results_behind() {
    world.publish(
        "flow: many\nsteps:\n  - each: {foreach: $input, concurrency: 50, do: [{x: {adapter: a}}],"
            + " collect: $item}\n",
        "a");
    List<Long> numbers = LongStream.range(0, 1_000).boxed().toList();

    Execution execution = world.ended(world.start("many", numbers));

    assertThat(execution.output()).isEqualTo(numbers);
    assertThat(execution.steps()).hasSize(1);
    assertThat(world.calls()).hasSize(1_000);
    assertThat(execution.revision()).isEqualTo(1_000 + 4);
  }
}
