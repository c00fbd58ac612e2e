package io.orchestrator.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.expression.Scope;
import io.orchestrator.expression.Template;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ids, paths, options and definitions of flows that are well formed. */
class StepsOfAFlowTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          [log_failure, log_failure, log_failure]                     | log_failure log_failure_2 log_failure_3
          [log_failure, {log_failure: ai}]                            | log_failure_2 log_failure
          [log_failure, {log_failure_2: ai}, log_failure]             | log_failure log_failure_2 log_failure_3
          [stripe.charge, {a: stripe.refund}]                         | stripe_charge a
          [{parallel: [ai]}, {parallel: [ai]}]                        | parallel_1 parallel_1/ai parallel_2 parallel_2/ai_2
          [{parallel: [ai]}, {parallel_1: ai}]                        | parallel_2 parallel_2/ai parallel_1
          [{conditional: {if: $input.a, then: [ai]}}, {if: {if: $input.a, then: [ai]}}] | conditional_1 conditional_1/ai conditional_2 conditional_2/ai_2
          [{do: [{parallel: [{do: [ai]}]}]}]                          | do_1 do_1/parallel_1 do_1/parallel_1/do_2 do_1/parallel_1/do_2/ai
          [{a: {adapter: ai, on_error: [{parallel: [stripe]}]}}, {parallel: [ai]}] | a a/parallel_1 a/parallel_1/stripe parallel_2 parallel_2/ai
          [{a: {do: [ai], on_error: [ai]}}]                           | a a/ai a/ai_2
          [{wait: 5s}, {set: {x: 1}}, {await: {callback: true}}, {adapter: ai}] | wait_1 set_1 await_1 adapter_1
          [{retry: ai}, {timeout: ai}]                                | retry timeout
          """)
  void steps_have_these_paths(String steps, String paths) {
    assertThat(paths(plan("flow: shop\nsteps: " + steps).steps()))
        .containsExactly(paths.split(" "));
  }

  @Test
  void handlers_of_the_flow_stand_below_on_error() {
    Plan plan =
        plan("flow: shop\nsteps: [ai]\non_error: {steps: [log_failure, notify_admin], then: fail}");
    Step step = plan.at("on_error/notify_admin");
    assertThat(step.place()).isEqualTo(new Place("", Place.Slot.HANDLER, 0, 1));
    assertThat(plan.block(step)).hasSize(2);
  }

  @Test
  void clauses_catch_in_order_and_a_lone_star_catches_everything() {
    Plan plan =
        plan(
            """
            flow: shop
            steps:
              - pay:
                  adapter: stripe
                  on_error:
                    - {catch: [timeout, stripe.*], when: $error.attempt > 1, steps: [log_failure], then: continue}
                    - {catch: '*', steps: [notify_admin, {undo: {adapter: stripe, action: refund, params: {of: $notify_admin}}}]}
            """);
    List<Handlers.Clause> clauses = plan.at("pay").common().onError().clauses();
    assertThat(clauses.get(0).types()).containsExactly("timeout", "stripe.*");
    assertThat(clauses.get(0).when().text()).isEqualTo("$error.attempt > 1");
    assertThat(clauses.get(0).then()).isEqualTo(Handlers.Then.CONTINUE);
    assertThat(clauses.get(1).types()).isEmpty();
    assertThat(plan.at("pay/undo").place()).isEqualTo(new Place("pay", Place.Slot.HANDLER, 1, 1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {attempts: 5}                                | 5 | EXPONENTIAL | PT1S  |        | 2.0
          {delay: 5s}                                  | 3 | CONSTANT    | PT5S  |        | 2.0
          {delay: 5m}                                  | 3 | CONSTANT    | PT5M  |        | 2.0
          {backoff: linear, delay: 500ms, factor: 1.5} | 3 | LINEAR      | PT0.5S |       | 1.5
          {backoff: [1s, PT2M]}                        | 3 | CONSTANT    | PT1S  |        | 2.0
          {backoff: exponential, max_delay: 10s}       | 3 | EXPONENTIAL | PT1S  | PT10S  | 2.0
          """)
  void retries_have_these_defaults(
      String text,
      int attempts,
      Retry.Backoff backoff,
      Duration delay,
      Duration maxDelay,
      double factor) {
    Retry retry =
        plan("flow: shop\nsteps: [{a: {adapter: ai, retry: " + text + "}}]")
            .at("a")
            .common()
            .retry();
    assertThat(retry.attempts()).isEqualTo(attempts);
    assertThat(retry.backoff()).isEqualTo(backoff);
    assertThat(retry.delay()).isEqualTo(new TimeSpan.Fixed(delay));
    assertThat(retry.maxDelay()).isEqualTo(maxDelay == null ? null : new TimeSpan.Fixed(maxDelay));
    assertThat(retry.factor()).isEqualTo(factor);
    assertThat(retry.said()).isTrue();
  }

  @Test
  void a_wait_for_a_callback_lasts_seven_days_unless_it_says_otherwise() {
    Plan plan =
        plan(
            """
            flow: shop
            steps:
              - a: {await: {callback: true}}
              - b: {await: {callback: true}, timeout: 3d}
              - c: {adapter: retell, params: {url: $callback.url}, await: {callback: true, timeout: PT1H}, timeout: 5s}
            """);
    assertThat(plan.at("a").kind()).isEqualTo(new Kind.Await(fixed(Duration.ofDays(7))));
    assertThat(plan.at("b").kind()).isEqualTo(new Kind.Await(fixed(Duration.ofDays(3))));
    assertThat(plan.at("b").common().timeout()).isNull();
    Kind.Call call = (Kind.Call) plan.at("c").kind();
    assertThat(call.await()).isEqualTo(new Kind.Await(fixed(Duration.ofHours(1))));
    assertThat(plan.at("c").common().timeout()).isEqualTo(fixed(Duration.ofSeconds(5)));
  }

  @Test
  void waits_take_lengths_expressions_and_instants() {
    Plan plan =
        plan(
            """
            flow: shop
            steps:
              - a: {wait: 90m}
              - b: {wait: $input.pause}
              - c: {wait: {until: $input.at}}
              - d: {wait: {until: 2030-01-01T00:00:00Z}}
            """);
    assertThat(plan.at("a").kind()).isEqualTo(new Kind.Wait(fixed(Duration.ofMinutes(90))));
    assertThat(((Kind.Wait) plan.at("b").kind()).length()).isInstanceOf(TimeSpan.Computed.class);
    assertThat(((Kind.Wait) plan.at("c").kind()).length()).isInstanceOf(TimeSpan.Until.class);
    assertThat(((Kind.Wait) plan.at("d").kind()).length())
        .isInstanceOfSatisfying(
            TimeSpan.Until.class,
            until -> assertThat(until.instant().text()).isEqualTo("'2030-01-01T00:00:00Z'"));
  }

  @Test
  void a_used_definition_is_the_defined_step_with_its_values() {
    Plan plan =
        plan(
            """
            flow: shop
            define:
              tell: {adapter: gohighlevel, action: send_message, params: {text: $with.text}, timeout: 5s, retry: {attempts: 2}}
              ship: {do: [{pack: ai}, send_email], timeout: 1h}
            steps:
              - first: {use: tell, with: {text: $input.hello}, timeout: 9s}
              - tell
              - ship
              - last: {adapter: ai, params: {p: $pack, s: $ship}}
            """);
    Step first = plan.at("first");
    assertThat(first.kind())
        .isInstanceOfSatisfying(
            Kind.Call.class, call -> assertThat(call.action()).isEqualTo("send_message"));
    assertThat(first.common().with().data()).isEqualTo(Map.of("text", "$input.hello"));
    assertThat(first.common().timeout()).isEqualTo(fixed(Duration.ofSeconds(9)));
    assertThat(first.common().retry().attempts()).isEqualTo(2);
    assertThat(plan.at("tell").common().with()).extracting(Template::data).isEqualTo(Map.of());
    assertThat(paths(plan.steps()))
        .containsExactly("first", "tell", "ship", "ship/pack", "ship/send_email", "last");
  }

  @Test
  void a_definition_of_the_flow_wins_over_the_library_and_the_library_over_adapters() {
    KnownNames names =
        new KnownNames(
            Examples.NAMES.adapters(),
            Map.of("ai", Map.of("do", List.of("stripe")), "own", Map.of("wait", "5s")),
            Set.of());
    String text =
        "flow: shop\n"
            + "define: {own: ai.chat}\n"
            + "steps: [{ai: {use: ai, on_error: [own]}}, {last: own}]";
    FlowValidation validation = FlowValidation.validate(text, names);
    assertThat(validation.errors()).isEmpty();
    Plan plan = validation.compiled().plan();
    assertThat(paths(plan.steps())).containsExactly("ai", "ai/stripe", "ai/own", "last");
    assertThat(plan.at("ai/own").kind()).isInstanceOf(Kind.Call.class);
    Plan again = Compiler.recompile(text, validation.compiled().bindings(), "1.0.0");
    assertThat(again.hash()).isEqualTo(plan.hash());
    assertThat(paths(again.steps())).isEqualTo(paths(plan.steps()));
  }

  @Test
  void without_params_a_call_gets_the_input_and_with_none_it_gets_nothing() {
    Plan plan = plan("flow: shop\nsteps: [{a: {adapter: ai}}, {b: {adapter: ai, params: {}}}]");
    assertThat(((Kind.Call) plan.at("a").kind()).params()).isNull();
    assertThat(((Kind.Call) plan.at("b").kind()).params().data()).isEqualTo(Map.of());
  }

  @Test
  void a_step_may_read_what_can_have_run() {
    plan(
        """
        flow: shop
        triggers: [{webhook: {path: a-b, filter: $trigger.body.ok, dedupe: "$trigger.headers['x-id']", input: $trigger.body}}]
        vars: {n: 1}
        steps:
          - first: {adapter: ai, retry: {when: $error.status == 503}, output: $result.text}
          - choice: {if: $first != null, then: [{yes: ai}], else: [{no: ai}]}
          - both: {parallel: [{l: {do: [{l1: ai}, {l2: {adapter: ai, params: {x: $l1.y}}}]}}, {r: ai}]}
          - last:
              adapter: ai
              when: $yes.ok or $no.ok
              params: {x: $both.l, y: $l1, z: $r, s: $steps.choice.status, v: $vars.n, k: {secret: shop}, token: $input.token}
              on_error: [{late: {adapter: ai, params: {e: $error.type, self: $steps.last.attempts}}}]
        output: {all: $last, none: $no}
        """);
  }

  @Test
  void what_may_be_a_mistake_is_a_warning() {
    FlowValidation validation =
        FlowValidation.validate(
            """
            flow: shop
            triggers: [{webhook: {verify: none}}]
            steps:
              - a: {adapter: ai, params: {x: $vars.nmae}, retry: {attempts: 1, delay: 5s}}
              - set: {name: x}
            """,
            Examples.NAMES);
    assertThat(validation.valid()).isTrue();
    assertThat(validation.warnings().stream().map(w -> w.line() + " " + w.code() + " " + w.hint()))
        .containsExactly(
            "2 open_webhook ",
            "4 unknown_variable did you mean 'name'?",
            "4 pointless_retry attempts: 3 is three calls in all");
  }

  @Test
  void the_key_of_an_event_is_an_expression_as_that_of_a_wait() {
    Plan plan =
        plan(
            """
            flow: shop
            steps:
              - a: {emit: {type: paid, key: "'order-' + $input.id"}}
              - b: {emit: {type: paid, key: $input.id}}
              - c: {emit: {type: paid, key: "${ $input.id }-x"}}
              - d: {emit: {type: paid, key: o-1}}
            """);
    Scope scope = new Scope(Map.of("input", Map.of("id", "7"))::get, Instant.EPOCH, "");
    List<Object> keys = new ArrayList<>();
    for (Step step : plan.steps()) {
      keys.add(((Map<?, ?>) ((Kind.Emit) step.kind()).event().fill(scope)).get("key"));
    }
    assertThat(keys).containsExactly("order-7", "7", "7-x", "o-1");
  }

  @Test
  void a_wrong_name_in_the_key_of_an_event_is_told_at_its_place() {
    Marked marked =
        Marked.of("flow: shop\nsteps:\n  - a: {emit: {type: paid, key: \"'x' + ▸$nobody\"}}");
    assertThat(FlowValidation.validate(marked.text(), Examples.NAMES).errors())
        .extracting(Marked::told)
        .containsExactly(marked.told("unknown_reference"));
  }

  @Test
  void a_whole_number_may_be_written_with_a_point() {
    Plan plan = plan("flow: shop\nsteps: [{a: {repeat: [ai], max: 3.0}}]");
    assertThat(((Kind.Repeat) plan.at("a").kind()).max()).isEqualTo(3);
  }

  @Test
  void the_graph_says_what_follows_what() {
    Map<String, Object> graph =
        FlowValidation.validate(Examples.text("support-routing"), Examples.NAMES).graph();
    assertThat(graph.get("edges"))
        .asString()
        .isEqualTo(
            "[{from=classify_issue, to=conditional_1, label=}, "
                + "{from=conditional_1, to=conditional_1/route_to_finance, label=then}, "
                + "{from=conditional_1, to=conditional_1/route_to_support, label=else}]");
  }

  private static TimeSpan fixed(Duration duration) {
    return new TimeSpan.Fixed(duration);
  }

  private static Plan plan(String text) {
    FlowValidation validation = FlowValidation.validate(text, Examples.NAMES);
    assertThat(validation.errors()).isEmpty();
    return validation.compiled().plan();
  }

  private static List<String> paths(List<Step> steps) {
    List<String> paths = new ArrayList<>();
    for (Step step : steps) {
      paths.add(step.path());
      step.kind().blocks().forEach(block -> paths.addAll(paths(block)));
      step.common().onError().clauses().forEach(clause -> paths.addAll(paths(clause.steps())));
    }
    return paths;
  }
}
