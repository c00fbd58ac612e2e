package io.orchestrator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.adapter.Answer;
import io.orchestrator.execution.Execution;
import io.orchestrator.execution.Failure;
import io.orchestrator.execution.StepState;
import io.orchestrator.store.PostgresExecutionStore;
import io.orchestrator.testing.FoldsBack;
import io.orchestrator.testing.World;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Executions that run in one process on a real database. */
class EngineTest {
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
  void three_steps_run_one_after_the_other() {
    world.publish(
        "flow: onboarding\n"
            + "steps:\n"
            + "  - step1: authenticate\n"
            + "  - step2: create_account\n"
            + "  - step3: send_welcome_email\n",
        "authenticate",
        "create_account",
        "send_welcome_email");
    world.service(
        "send_welcome_email", call -> new Answer.Done(Map.of("sent", true), call.adapter()));

    Execution execution = world.ended(world.start("onboarding", Map.of("name", "Ada")));

    assertThat(execution.status().text()).isEqualTo("completed");
    assertThat(execution.output()).isEqualTo(Map.of("sent", true));
    assertThat(world.called())
        .containsExactly("authenticate", "create_account", "send_welcome_email");
    assertThat(execution.revision()).isEqualTo(5);
  }

  @Test
  void branches_run_side_by_side_and_join_once() throws Exception {
    world.publish(
        "flow: notify\nsteps:\n  - parallel:\n      - a\n      - b\n      - c\n", "a", "b", "c");
    CountDownLatch together = new CountDownLatch(3);
    for (String name : List.of("a", "b", "c")) {
      world.service(
          name,
          call -> {
            together.countDown();
            try {
              return new Answer.Done(together.await(5, TimeUnit.SECONDS) ? name : "alone", name);
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          });
    }

    Execution execution = world.ended(world.start("notify", null));

    assertThat(execution.output()).isEqualTo(Map.of("a", "a", "b", "b", "c", "c"));
  }

  @Test
  void a_charge_that_always_fails_is_tried_three_times_and_then_handled_in_order() {
    world.publish(
        "flow: pay\n"
            + "steps:\n"
            + "  - charge_card:\n"
            + "      adapter: stripe\n"
            + "      retry: {attempts: 3, backoff: [1ms, 1ms]}\n"
            + "      on_error:\n"
            + "        - log_failure\n"
            + "        - notify_admin\n"
            + "        - fallback_to_manual\n",
        "stripe",
        "log_failure",
        "notify_admin",
        "fallback_to_manual");
    world.service(
        "stripe", call -> new Answer.Refused(Failure.temporary("adapter_unavailable", "503")));

    Execution execution = world.ended(world.start("pay", Map.of("amount", 3L)));

    assertThat(world.called())
        .containsExactly(
            "stripe", "stripe", "stripe", "log_failure", "notify_admin", "fallback_to_manual");
    assertThat(execution.status().text()).isEqualTo("failed");
    assertThat(execution.handled()).isTrue();
    assertThat(execution.failure().type()).isEqualTo("adapter_unavailable");
    assertThat(world.calls().stream().limit(3).map(c -> c.idempotencyKey()).distinct()).hasSize(1);
  }

  @Test
  void the_branch_of_a_condition_runs_and_the_other_is_skipped() {
    world.publish(
        "flow: route\n"
            + "steps:\n"
            + "  - classify: ai\n"
            + "  - conditional:\n"
            + "      if: $classify.category == 'billing'\n"
            + "      then:\n"
            + "        - finance\n"
            + "      else:\n"
            + "        - support\n",
        "ai",
        "finance",
        "support");
    world.service("ai", call -> new Answer.Done(Map.of("category", "billing"), "ai"));

    Execution execution = world.ended(world.start("route", null));

    assertThat(world.called()).containsExactly("ai", "finance");
    assertThat(execution.step("conditional_1/support").status().text()).isEqualTo("skipped");
  }

  @Test
  void an_awaited_call_goes_on_when_its_callback_comes() {
    world.publish(
        "flow: voice\n"
            + "steps:\n"
            + "  - call:\n"
            + "      adapter: retell\n"
            + "      await: {callback: true, timeout: 1h}\n"
            + "  - after: next\n",
        "retell",
        "next");
    world.service("retell", call -> new Answer.Later(Map.of("call_id", "c1")));
    UUID id = world.start("voice", null);
    world.reaches(id, "waiting");

    CallbackOutcome first =
        world.engine().callback(world.token(id, "call"), Map.of("ok", true), null);
    CallbackOutcome again =
        world.engine().callback(world.token(id, "call"), Map.of("ok", true), null);
    CallbackOutcome other =
        world.engine().callback(world.token(id, "call"), Map.of("ok", false), null);

    assertThat(List.of(first, again, other))
        .containsExactly(CallbackOutcome.ACCEPTED, CallbackOutcome.SAME, CallbackOutcome.DIFFERENT);
    Execution execution = world.ended(id);
    StepState call = execution.step("call");
    assertThat(call.output()).isEqualTo(Map.of("ok", true));
    assertThat(call.call()).isEqualTo(Map.of("call_id", "c1"));
    assertThat(world.called()).containsExactly("retell", "next");
  }

  @Test
  void a_wait_ends_by_itself() {
    world.publish("flow: nap\nsteps:\n  - sleep: {wait: 700ms}\n  - after: next\n", "next");

    Execution execution = world.ended(world.start("nap", null));

    assertThat(execution.status().text()).isEqualTo("completed");
    assertThat(java.time.Duration.between(execution.startedAt(), execution.endedAt()))
        .isGreaterThanOrEqualTo(java.time.Duration.ofMillis(700));
  }

  @Test
  void a_cancelled_execution_starts_nothing_more() {
    world.publish("flow: long\nsteps:\n  - sleep: {wait: 1h}\n  - after: next\n", "next");
    UUID id = world.start("long", null);
    world.reaches(id, "waiting");

    assertThat(world.engine().cancel(World.TENANT, id, "enough"))
        .isInstanceOf(CancelOutcome.Done.class);
    assertThat(world.engine().cancel(World.TENANT, id, "enough"))
        .isEqualTo(new CancelOutcome.AlreadyFinal("cancelled"));
    assertThat(world.view(id).execution().step("sleep").status().text()).isEqualTo("cancelled");
    assertThat(world.called()).isEmpty();
  }

  @Test
  void variables_conditions_and_outputs_are_part_of_the_neighbouring_commit() {
    world.publish(
        "flow: data\n"
            + "vars: {rate: 2}\n"
            + "steps:\n"
            + "  - price:\n"
            + "      adapter: shop\n"
            + "      params: {sku: $input.sku}\n"
            + "      output: $result.amount\n"
            + "  - total: {set: {sum: $price * $vars.rate}}\n"
            + "  - skip_me: {when: $vars.sum > 100, adapter: shop}\n"
            + "output: {sum: $vars.sum, text: \"${ $input.sku } costs ${ $vars.sum }\"}\n",
        "shop");
    world.service("shop", call -> new Answer.Done(Map.of("amount", 21L), "shop"));

    Execution execution = world.ended(world.start("data", Map.of("sku", "x1")));

    assertThat(execution.output()).isEqualTo(Map.of("sum", 42L, "text", "x1 costs 42"));
    assertThat(world.calls()).hasSize(1);
    assertThat(world.calls().getFirst().params()).isEqualTo(Map.of("sku", "x1"));
  }
}
