package io.orchestrator.execution;

import static io.orchestrator.execution.Story.admitted;
import static io.orchestrator.execution.Story.down;
import static io.orchestrator.execution.Story.failed;
import static io.orchestrator.execution.Story.given;
import static io.orchestrator.execution.Story.succeeded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orchestrator.expression.ExpressionException;
import io.orchestrator.flow.FlowValidation;
import io.orchestrator.flow.KnownNames;
import io.orchestrator.flow.Plan;
import io.orchestrator.flow.Problem;
import io.orchestrator.testing.Flows;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lengths of time that an expression gives, wherever a flow may say one. */
class LengthsTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  private static Story started(String keys, Object input) {
    return Story.blank(keys + "steps: [a, b]\n").when(at -> new Event.Triggered(input, null, at));
  }

  @Test
  void the_timeout_of_a_flow_is_worked_out_when_it_begins() {
    started("timeout: $input.most\n", Map.of("most", "90s"))
        .then("started for PT1M30S; runs a")
        .passes("90S")
        .is(Status.TIMED_OUT);
    started("vars: {most: 2h}\ntimeout: $vars.most\n", null)
        .then("started for PT2H sets {\"most\":\"2h\"}; runs a");
  }

  @Test
  void a_flow_whose_timeout_is_none_fails_at_once_and_its_handlers_hear_of_it() {
    started("timeout: $input.most\n", Map.of("most", "soon"))
        .then("started", "ended failed expression");
    Story story =
        started("timeout: $input.most\non_error: [tell]\n", Map.of("most", "0s"))
            .then("started", "handling expression by 0; runs on_error/tell");
    assertThat(story.execution().failure().message())
        .isEqualTo("timeout: it must be longer than nothing");
    assertThat(
            started("timeout: $input.most\n", Map.of("most", 5L)).execution().failure().message())
        .contains("not a duration such as 15m or PT15M: 5");
  }

  @Test
  void one_that_waits_for_its_turn_counts_from_then() {
    Story.held("vars: {most: 1h}\ntimeout: $vars.most\n", "- a")
        .then("started sets {\"most\":\"1h\"}", "held")
        .later("5H")
        .when(admitted())
        .then("admitted for PT1H; runs a");
    Story.held("vars: {most: never}\ntimeout: $vars.most\n", "- a")
        .then("started sets {\"most\":\"never\"}", "ended failed expression");
  }

  @Test
  void the_delays_of_a_retry_are_worked_out_when_an_attempt_has_failed() {
    given(
            "vars: {delay: 7s}\n",
            "- a: {adapter: a, retry: {attempts: 3, backoff: exponential, delay: $vars.delay,"
                + " jitter: none}}")
        .when(failed("a", 1, down()))
        .then("retrying a#2 in PT7S after adapter_unavailable")
        .later("7S")
        .when(failed("a", 2, down()))
        .then("retrying a#3 in PT14S after adapter_unavailable");
    given(
            "vars: {delay: 2m, most: 3m}\n",
            "- a: {adapter: a, retry: {attempts: 4, backoff: linear, delay: $vars.delay, max_delay:"
                + " $vars.most, jitter: none}}")
        .when(failed("a", 1, down()))
        .then("retrying a#2 in PT2M after adapter_unavailable")
        .later("2M")
        .when(failed("a", 2, down()))
        .then("retrying a#3 in PT3M after adapter_unavailable");
    given(
            "- a: {adapter: a, retry: {backoff: [1s, \"$error.attempt == 2 ? '5s' : '9s'\"],"
                + " jitter: none}}")
        .when(failed("a", 1, down()))
        .then("retrying a#2 in PT1S after adapter_unavailable")
        .later("1S")
        .when(failed("a", 2, down()))
        .then("retrying a#3 in PT5S after adapter_unavailable");
  }

  @Test
  void a_delay_that_nobody_can_work_out_repeats_nothing_and_the_failure_is_told() {
    given("vars: {delay: soon}\n", "- a: {adapter: a, retry: {delay: $vars.delay}}")
        .when(failed("a", 1, down()))
        .then("failed a#1 adapter_unavailable", "ended failed adapter_unavailable");
  }

  @Test
  void a_deadline_a_timeout_and_a_pause_between_rounds_may_be_worked_out_too() {
    given(
            "vars: {all: 10s, one: 4s}\n",
            "- g: {do: [a], timeout: $vars.one, deadline: $vars.all}\n"
                + "- r: {repeat: [{n: {set: {x: 1}}}], max: 2, every: $vars.one}")
        .due("wake PT4S", "run g/a#1")
        .when(succeeded("g/a", 1, 1L))
        .due("wake PT4S");
  }

  @Test
  void how_long_the_key_of_a_start_counts_is_worked_out_with_it() {
    Plan plan = Flows.plan("flow: f\nidempotency: {key: $input.id, ttl: $input.ttl}\nsteps: [a]\n");
    Map<String, Object> input = Map.of("id", "x", "ttl", "2d");
    assertThat(Starting.ttl(plan, plan.terms().idempotency().ttl(), "acme", input, null, NOON))
        .isEqualTo(Duration.ofDays(2));
    Map<String, Object> none = Map.of("id", "x", "ttl", "0s");
    assertThatThrownBy(
            () -> Starting.ttl(plan, plan.terms().idempotency().ttl(), "acme", none, null, NOON))
        .isInstanceOf(ExpressionException.class)
        .hasMessage("it must be longer than nothing");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "timeout: $a.time\nsteps: [a]",
        "timeout: $error.type\nsteps: [a]",
        "idempotency: {key: $input.id, ttl: $vars.ttl}\nsteps: [a]",
        "steps: [{a: {adapter: a, retry: {delay: $b.time}}}, b]",
        "steps: [{a: {adapter: a, retry: {backoff: [1s, $result]}}}]",
        "steps: [{a: {adapter: a, retry: {max_delay: $item}}}]",
        "timeout: 1h + $input.n\nsteps: [a]",
        "steps: [{a: {adapter: a, retry: {delay: '$('}}}]",
      })
  void what_has_no_value_there_is_refused_at_publish(String text) {
    FlowValidation validation =
        FlowValidation.validate(
            "flow: f\n" + text,
            new KnownNames(
                Map.of(
                    "a",
                    new KnownNames.Adapter("run", Set.of("run")),
                    "b",
                    new KnownNames.Adapter("run", Set.of("run"))),
                Map.of(),
                Set.of()));
    assertThat(validation.errors())
        .extracting(Problem::code)
        .isSubsetOf(List.of("step_not_run", "misplaced_reference", "bad_duration", "expression"))
        .isNotEmpty();
  }
}
