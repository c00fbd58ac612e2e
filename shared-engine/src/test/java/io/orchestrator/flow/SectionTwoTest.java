package io.orchestrator.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.adapter.InputSchema;
import io.orchestrator.expression.Json;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The shape of a flow, sentence by sentence of the page that fixes it. */
class SectionTwoTest {
  private static final KnownNames NAMES = names(Map.of());

  private static KnownNames names(Map<String, Object> library) {
    Map<String, KnownNames.Adapter> adapters = new TreeMap<>();
    for (String name : List.of("log", "mail", "stripe", "send-email", "both")) {
      adapters.put(name, new KnownNames.Adapter("run", Set.of("run", name + "_it")));
    }
    adapters.put("iam", new KnownNames.Adapter("", Set.of("verify", "shared")));
    adapters.put("crm", new KnownNames.Adapter("", Set.of("find", "shared", "flowing", "mail")));
    return new KnownNames(adapters, library, Set.of("flowing", "invoice", "find"));
  }

  private static FlowValidation read(String text) {
    return FlowValidation.validate(text, NAMES);
  }

  private static Plan plan(String text) {
    FlowValidation validation = read(text);
    assertThat(validation.errors()).as(text).isEmpty();
    return validation.compiled().plan();
  }

  private static List<String> codes(String text) {
    return read(text).errors().stream().map(Problem::code).toList();
  }

  // -- a step

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {adapter: log}                                   | adapter_1
          {use: greet}                                     | use_1
          {flow: invoice}                                  | flow_1
          {parallel: [log]}                                | parallel_1
          {conditional: {if: $input.a, then: [log]}}       | conditional_1
          {if: {if: $input.a, then: [log]}}                | conditional_1
          {switch: [{when: $input.a, steps: [log]}]}       | switch_1
          {do: [log]}                                      | do_1
          {wait: 5s}                                       | wait_1
          {await: {signal: go}}                            | await_1
          {approve: {title: Pay}}                          | approve_1
          {set: {n: 1}}                                    | set_1
          {assert: $input.a}                               | assert_1
          {emit: {type: told}}                             | emit_1
          {raise: {type: no}}                              | raise_1
          {return: 1}                                      | return_1
          """)
  void a_kind_that_stands_alone_gets_its_id(String step, String id) {
    Plan plan = plan("flow: f\ndefine: {greet: log}\nsteps:\n  - " + step);
    assertThat(plan.steps().getFirst().id()).isEqualTo(id);
  }

  static Stream<String> kinds() {
    return KindTable.rows().stream().map(KindTable.Row::kind).distinct();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void two_kinds_in_one_body_are_refused_and_so_is_none(String kind) {
    String other = kind.equals("wait") ? "set: {n: 1}" : "wait: 5s";
    assertThat(codes("flow: f\nsteps: [{a: {" + kind + ": log, " + other + "}}]"))
        .contains("two_kinds");
    assertThat(codes("flow: f\nsteps: [{a: {timeout: 5s, description: x}}]"))
        .containsExactly("no_kind");
  }

  @Test
  void await_beside_adapter_is_a_modifier_and_do_in_a_foreach_an_option() {
    Plan plan =
        plan(
            """
            flow: f
            steps:
              - a: {adapter: log, await: {callback: true}}
              - b: {foreach: $input.l, do: [mail]}
              - c: {if: $input.a, then: [{d: log}], else: [{e: log}]}
            """);
    assertThat(((Kind.Call) plan.at("a").kind()).await()).isNotNull();
    assertThat(plan.at("b").kind()).isInstanceOf(Kind.Foreach.class);
    assertThat(plan.at("c").kind().blocks()).hasSize(2);
  }

  @Test
  void the_two_ways_to_write_a_condition_mean_the_same() {
    String one = "{conditional: {if: $input.a, then: [log], else: [mail]}}";
    String other = "{if: $input.a, then: [log], else: [mail]}";
    Kind.Conditional first =
        (Kind.Conditional) plan("flow: f\nsteps: [{x: " + one + "}]").at("x").kind();
    Kind.Conditional second =
        (Kind.Conditional) plan("flow: f\nsteps: [{x: " + other + "}]").at("x").kind();
    assertThat(first.condition().text()).isEqualTo(second.condition().text());
    assertThat(first.then().getFirst().path()).isEqualTo("x/log");
    assertThat(second.otherwise().getFirst().path()).isEqualTo("x/mail");
  }

  // -- names

  @Test
  void an_id_is_letters_digits_and_underscores_a_letter_first_at_most_63() {
    for (String id : List.of("a", "A9_", "z".repeat(63))) {
      assertThat(codes("flow: f\nsteps: [{" + id + ": log}]")).as(id).isEmpty();
    }
    for (String id : List.of("1a", "_a", "a-b", "a.b", "z".repeat(64), "\u00e4")) {
      assertThat(codes("flow: f\nsteps: [{'" + id + "': log}]")).as(id).containsExactly("bad_id");
    }
  }

  @Test
  void ids_are_unique_in_the_whole_flow() {
    for (String second :
        List.of(
            "steps: [{x: log}, {x: log}]",
            "steps: [{x: log}, {g: {do: [{x: log}]}}]",
            "steps: [{x: {adapter: log, on_error: [{x: log}]}}]",
            "steps: [{x: log}]\non_error: [{x: log}]",
            "steps: [{x: log}]\nfinally: [{x: log}]",
            "steps: [{x: log}]\non_cancel: [{x: log}]",
            "steps: [{p: {parallel: [{x: log}, {x: log}]}}]",
            "steps: [{x: {foreach: $input.l, do: [{x: log}]}}]")) {
      assertThat(codes("flow: f\n" + second)).as(second).contains("duplicate_id");
    }
  }

  @Test
  void names_are_lower_case_letters_digits_dashes_and_underscores_at_most_63() {
    for (String name : List.of("a", "a-b_9", "z".repeat(63))) {
      assertThat(codes("flow: " + name + "\nsteps: [log]")).as(name).isEmpty();
      assertThat(codes("flow: f\ndefine: {" + name + ": log}\nsteps: [log]")).as(name).isEmpty();
    }
    for (String name : List.of("A", "9a", "-a", "a b", "a/b", "z".repeat(64))) {
      assertThat(codes("flow: '" + name + "'\nsteps: [log]")).as(name).containsExactly("bad_name");
      assertThat(codes("flow: f\ndefine: {'" + name + "': log}\nsteps: [log]"))
          .as(name)
          .containsExactly("bad_name");
      assertThat(codes("flow: f\nsteps: [{a: {adapter: '" + name + "'}}]"))
          .as(name)
          .containsExactly("bad_name");
      assertThat(codes("flow: f\nsteps: [{a: {adapter: log, action: '" + name + "'}}]"))
          .as(name)
          .containsExactly("bad_name");
    }
  }

  static final List<String> RESERVED =
      List.of(
          // kinds
          "adapter use flow parallel conditional if switch foreach repeat do wait await approve set"
              + " assert emit raise return",
          // roots
          "input vars trigger error item index event callback result output execution steps",
          "with catch response params");

  @ParameterizedTest
  @FieldSource("RESERVED")
  void words_of_the_language_are_no_ids(String words) {
    for (String word : words.split(" ", -1)) {
      if (!Set.of("set", "return").contains(word)) { // what stands there is data
        assertThat(codes("flow: f\nsteps: [{" + word + ": {adapter: log}}]")).as(word).isNotEmpty();
      }
      if (!word.equals("item")) { // is the item already
        assertThat(codes("flow: f\nsteps: [{a: {foreach: $input.l, as: " + word + ", do: [log]}}]"))
            .as(word)
            .containsExactly("reserved_name");
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          [send-email]                                | send_email
          [stripe.run]                                | stripe_run
          [log, log, log]                             | log log_2 log_3
          [log, {log_2: mail}, log]                   | log log_2 log_3
          [{parallel: [log]}, {parallel_2: log}, {parallel: [mail]}] | parallel_1 parallel_2 parallel_3
          [{wait: 1s}, {set: {n: 1}}, {wait: 2s}]     | wait_1 set_1 wait_2
          """)
  void generated_ids_are_counted_in_the_order_of_the_document(String steps, String ids) {
    assertThat(plan("flow: f\nsteps: " + steps).steps().stream().map(Step::id))
        .containsExactly(ids.split(" ", -1));
  }

  @Test
  void paths_say_where_a_step_stands() {
    Plan plan =
        plan(
            """
            flow: f
            steps:
              - parallel: [{b0: {do: [log]}}]
              - each: {foreach: $input.l, do: [{x: mail}]}
            """);
    assertThat(plan.at("parallel_1/b0/log")).isNotNull();
    assertThat(plan.at("each[3]/x").path()).isEqualTo("each/x");
  }

  // -- limits

  @Test
  void fifty_steps_are_the_most_and_handlers_count() {
    String list =
        IntStream.rangeClosed(1, 49)
            .mapToObj(i -> "{s" + i + ": log}")
            .collect(Collectors.joining(", "));
    assertThat(codes("flow: f\nsteps: [" + list + ", {last: log}]")).isEmpty();
    assertThat(codes("flow: f\nsteps: [" + list + ", {last: log}, {more: log}]"))
        .containsExactly("too_many_steps");
    for (String more :
        List.of(
            "on_error: [{h: log}, {i: log}]",
            "finally: [{h: log}, {i: log}]",
            "on_cancel: [{h: log}, {i: log}]")) {
      assertThat(codes("flow: f\nsteps: [" + list + "]\n" + more))
          .as(more)
          .containsExactly("too_many_steps");
    }
    assertThat(
            codes("flow: f\nsteps: [" + list + ", {last: {adapter: log, on_error: [{h: log}]}}]"))
        .containsExactly("too_many_steps");
    assertThat(
            codes(
                "flow: f\nsteps: ["
                    + list
                    + ", {last: {adapter: log, compensate: {adapter: log}}}]"))
        .containsExactly("too_many_steps");
  }

  @Test
  void eight_levels_are_the_most() {
    assertThat(codes("flow: f\nsteps: [" + "{do: [".repeat(7) + "log" + "]}".repeat(7) + "]"))
        .isEmpty();
    assertThat(codes("flow: f\nsteps: [" + "{do: [".repeat(8) + "log" + "]}".repeat(8) + "]"))
        .containsExactly("too_nested");
  }

  // -- bare names

  @Test
  void a_bare_name_is_looked_for_in_this_order() {
    KnownNames names = names(Map.of("find", Map.of("wait", "1s"), "mail", Map.of("wait", "2s")));
    FlowValidation validation =
        FlowValidation.validate(
            """
            flow: f
            define: {find: {wait: 3s}}
            steps:
              - a: find          # a definition, although the library has one
              - b: mail          # the library, although there is an adapter
              - c: stripe.run    # a dot
              - d: log           # an adapter, its default action
              - e: verify        # an action that only one adapter has
              - f: flowing       # an action, although there is a flow
              - g: invoice       # a flow
            """,
            names);
    assertThat(validation.errors()).isEmpty();
    Plan plan = validation.compiled().plan();
    assertThat(plan.at("a").kind()).isEqualTo(new Kind.Wait(fixed(3)));
    assertThat(plan.at("b").kind()).isEqualTo(new Kind.Wait(fixed(2)));
    assertThat(called(plan, "c")).isEqualTo("stripe.run");
    assertThat(called(plan, "d")).isEqualTo("log.run");
    assertThat(called(plan, "e")).isEqualTo("iam.verify");
    assertThat(called(plan, "f")).isEqualTo("crm.flowing");
    assertThat(((Kind.SubFlow) plan.at("g").kind()).flow()).isEqualTo("invoice");
  }

  private static TimeSpan fixed(int seconds) {
    return new TimeSpan.Fixed(Duration.ofSeconds(seconds));
  }

  private static String called(Plan plan, String step) {
    Kind.Call call = (Kind.Call) plan.at(step).kind();
    return call.adapter() + "." + call.action();
  }

  @Test
  void what_is_found_nowhere_or_twice_is_told_with_the_names_that_there_are() {
    Problem none = read("flow: f\nsteps: [stripee]").errors().getFirst();
    assertThat(none.code()).isEqualTo("unknown_step");
    assertThat(none.hint()).contains("stripe");
    Problem twice = read("flow: f\nsteps: [shared]").errors().getFirst();
    assertThat(twice.code()).isEqualTo("ambiguous_name");
    assertThat(twice.message() + twice.hint()).contains("iam", "crm");
  }

  @Test
  void names_are_frozen_when_a_version_is_published() {
    String text = "flow: f\nsteps: [{a: mail}, {b: verify}]";
    Compiled published =
        FlowValidation.validate(text, names(Map.of("mail", Map.of("wait", "2s")))).compiled();
    Plan later = Compiler.recompile(text, published.bindings(), "1.0.0");
    assertThat(later.at("a").kind()).isInstanceOf(Kind.Wait.class);
    assertThat(later.hash()).isEqualTo(published.plan().hash());
    assertThat(called(later, "b")).isEqualTo("iam.verify");
  }

  // -- defaults

  @Test
  void a_call_without_an_action_takes_the_default_one_and_there_must_be_one() {
    assertThat(called(plan("flow: f\nsteps: [{a: {adapter: log}}]"), "a")).isEqualTo("log.run");
    assertThat(codes("flow: f\nsteps: [{a: {adapter: iam}}]")).containsExactly("no_default_action");
    assertThat(codes("flow: f\nsteps: [iam]")).containsExactly("no_default_action");
  }

  @Test
  void a_trigger_as_a_text_is_the_webhook_of_the_flow_and_no_other_text_is_one() {
    FlowValidation text = read("flow: f\ntrigger: webhook.received\nsteps: [log]");
    FlowValidation map = read("flow: f\ntriggers: [{webhook: {path: f}}]\nsteps: [log]");
    assertThat(((Trigger.Webhook) text.flow().triggers().getFirst()).path()).isEqualTo("f");
    assertThat(text.flow().triggers()).hasSize(1);
    assertThat(((Trigger.Webhook) map.flow().triggers().getFirst()).path()).isEqualTo("f");
    for (String other : List.of("webhook", "schedule", "webhook.sent", "event.received")) {
      assertThat(codes("flow: f\ntrigger: " + other + "\nsteps: [log]"))
          .as(other)
          .containsExactly("bad_value");
    }
    assertThat(codes("flow: f\ntrigger: {webhook: {path: a}}\nsteps: [log]")).isEmpty();
    assertThat(codes("flow: f\ntriggers: []\nsteps: [log]")).isNotEmpty();
    assertThat(
            codes(
                "flow: f\n"
                    + "trigger: webhook.received\n"
                    + "triggers: [{webhook: {path: a}}]\n"
                    + "steps: [log]"))
        .containsExactly("bad_value");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {a: string}             | {"a": "x"}                | {"a": 1}
          {a: string}             | {"a": "x", "b": 1}        | {}
          {a?: string}            | {}                        | {"a": 1}
          {a: [string]}           | {"a": ["x"]}              | {"a": [1]}
          {a: {b: integer}}       | {"a": {"b": 1}}           | {"a": {"b": 1.5}}
          {a: number}             | {"a": 1.5}                | {"a": "1.5"}
          {a: boolean}            | {"a": true}               | {"a": "true"}
          {a: any}                | {"a": null}               | {}
          {a: null}               | {"a": null}               | {"a": 1}
          {type: object, required: [a]} | {"a": 1}            | {}
          """)
  void the_short_form_of_a_schema_means_what_it_says(String schema, String good, String bad) {
    FlowValidation validation = read("flow: f\ninput: " + schema + "\nsteps: [log]");
    assertThat(validation.errors()).isEmpty();
    InputSchema input = new InputSchema(validation.flow().input());
    assertThat(input.misfits(Json.read(good))).isEmpty();
    assertThat(input.misfits(Json.read(bad))).isNotEmpty();
  }

  // -- keys, handlers and durations

  @Test
  void every_key_of_a_flow_may_stand_there_and_no_other() {
    String all =
        """
        flow: f
        version: 1.2.3
        title: T
        description: D
        category: C
        tags: [a, b]
        owner: me
        trigger: webhook.received
        input: {a: string}
        vars: {n: 1}
        define: {x: log}
        steps: [x]
        output: $x
        on_error: [{e: log}]
        on_cancel: [{c: log}]
        finally: [{l: log}]
        timeout: 1h
        concurrency: {limit: 1}
        idempotency: {key: $input.a}
        search: {a: $input.a}
        mask: [input.a]
        budget: {steps: 5}
        tests: [{expect: {status: completed}}]
        """;
    assertThat(codes(all)).isEmpty();
    assertThat(codes(all + "finaly: [log]\n")).containsExactly("unknown_key");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[log, mail]",
        "log",
        "{steps: [log]}",
        "{steps: [log], then: fail}",
        "{steps: [log], then: continue}",
        "{steps: [log], then: retry}",
        "{steps: [log], then: compensate}",
        "[{catch: timeout, steps: [log]}, {catch: [conflict, 'stripe.*'], when: $error.attempt > 1,"
            + " steps: [mail], then: continue}]",
      })
  void handlers_have_these_forms(String handlers) {
    List<String> codes =
        codes("flow: f\nsteps: [{a: {adapter: stripe, on_error: " + handlers + "}}]");
    if (handlers.equals("log")) {
      assertThat(codes).containsExactly("wrong_type");
    } else {
      assertThat(codes).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "250ms, PT0.25S",
    "5s, PT5S",
    "15m, PT15M",
    "2h, PT2H",
    "3d, PT72H",
    "PT15M, PT15M",
    "P1DT2H, PT26H",
    "PT0.5S, PT0.5S"
  })
  void a_duration_is_a_number_with_a_unit_or_iso_8601(String written, Duration meant) {
    Kind.Wait wait =
        (Kind.Wait) plan("flow: f\nsteps: [{w: {wait: " + written + "}}]").at("w").kind();
    assertThat(wait.length()).isEqualTo(new TimeSpan.Fixed(meant));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"5", "5 s", "1.5h", "5M", "P1Y", "P1M", "P1W", "-5s", "soon", "''", "1h30m"})
  void anything_else_is_none(String written) {
    assertThat(codes("flow: f\nsteps: [{w: {wait: " + written + "}}]"))
        .containsExactly("bad_duration");
  }

  /** Every key of the language that takes a length of time, with a place for one. */
  static final Collection<String> LENGTHS =
      List.of(
          "timeout: %s\nsteps: [log]",
          "idempotency: {key: $input.a, ttl: %s}\nsteps: [log]",
          "steps: [{a: {wait: %s}}]",
          "steps: [{a: {adapter: log, timeout: %s}}]",
          "steps: [{a: {adapter: log, deadline: %s}}]",
          "steps: [{a: {adapter: log, retry: {delay: %s}}}]",
          "steps: [{a: {adapter: log, retry: {max_delay: %s}}}]",
          "steps: [{a: {adapter: log, retry: {backoff: [%s]}}}]",
          "steps: [{a: {adapter: log, await: {callback: true, timeout: %s}}}]",
          "steps: [{a: {await: {callback: true}, timeout: %s}}]",
          "steps: [{a: {await: {signal: go, timeout: %s}}}]",
          "steps: [{a: {await: {event: paid, buffer: %s}}}]",
          "steps: [{a: {await: {event: paid, timeout: %s}}}]",
          "steps: [{a: {repeat: [log], max: 2, every: %s}}]",
          "steps: [{a: {approve: {title: T, timeout: %s}}}]",
          "steps: [{a: {approve: {title: T, remind: %s}}}]",
          "steps: [{a: {approve: {title: T, escalate: {after: %s, to: ['role:x']}}}}]",
          "steps: [{a: {do: [log], timeout: %s}}]",
          "steps: [{a: {flow: invoice, timeout: %s}}]");

  @ParameterizedTest
  @FieldSource("LENGTHS")
  void every_duration_may_be_written_out_or_be_an_expression(String text) {
    for (String length : List.of("90s", "PT90S", "$input.length", "\"$input.vip ? '1h' : '1d'\"")) {
      assertThat(codes("flow: f\n" + text.formatted(length))).as(length).isEmpty();
    }
    assertThat(codes("flow: f\n" + text.formatted("soon"))).containsExactly("bad_duration");
    assertThat(codes("flow: f\n" + text.formatted("$input."))).containsExactly("expression");
    assertThat(codes("flow: f\n" + text.formatted("$nothing")))
        .containsExactly("unknown_reference");
  }
}
