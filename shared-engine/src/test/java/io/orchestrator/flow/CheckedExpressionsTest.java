package io.orchestrator.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.expression.Type;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is told of expressions before there is any data, each at its place. */
class CheckedExpressionsTest {
  private static final String HEAD =
      """
      flow: shop
      input: {name: string, age: integer, vip?: boolean, tags: [string], address: {city: string}, meta: object}
      steps:
      """;

  private static final KnownNames NAMES = names();

  private static KnownNames names() {
    Map<String, KnownNames.Adapter> adapters = new LinkedHashMap<>(Examples.NAMES.adapters());
    Map<String, Object> params =
        Map.of(
            "type", "object",
            "properties",
                Map.of(
                    "amount", Map.of("type", "integer"),
                    "currency", Map.of("type", "string", "enum", List.of("eur", "usd")),
                    "to",
                        Map.of(
                            "type",
                            "object",
                            "properties",
                            Map.of("iban", Map.of("type", "string")),
                            "required",
                            List.of("iban"))),
            "required", List.of("amount"));
    Type result =
        Type.object(Map.of("id", Type.ANY, "status", Type.STRING), Type.Others.UNDECLARED);
    adapters.put(
        "bank",
        new KnownNames.Adapter(
            "pay", Set.of("pay"), Map.of("pay", new KnownNames.Shape(params, result))));
    return new KnownNames(adapters, Map.of(), Set.of());
  }

  static Stream<Arguments> errors() {
    return table(
        "unknown_field", "  - a: {adapter: ai, params: {t: ▸$input.nam}}",
        "unknown_field", "  - a: {adapter: ai, params: {t: \"${ 1 }${ ▸$input['nam'] }\"}}",
        "unknown_field", "  - a: {adapter: ai, params: {t: ▸$input.address.town}}",
        "unknown_field", "  - a: {adapter: ai, when: $input.vip and ▸$input.vop}",
        "unknown_field", "  - a: {adapter: ai, params: {t: 'it''s ${ ▸$input.nam }'}}",
        "unknown_field",
            "  - a: {adapter: ai, params: {t: \"\\t\\\"\\u00e9\\x41 😀 ${ ▸$input.nam }\"}}",
        "unknown_field",
            "  - a:\n"
                + "      adapter: ai\n"
                + "      params:\n"
                + "        t: >-\n"
                + "          some\n"
                + "          more ${ ▸$input.nam }\n",
        "unknown_field",
            "  - a:\n"
                + "      adapter: ai\n"
                + "      params:\n"
                + "        t: |  # why\n"
                + "          some\n\n"
                + "            ${ $input.name } and ${ ▸$input.nam }\n",
        "unknown_field",
            "  - a:\n"
                + "      adapter: ai\n"
                + "      when: $input.age > 1\n"
                + "        and\n"
                + "        ▸$input.vop\n",
        "unknown_field",
            "  - a:\n"
                + "      adapter: ai\n"
                + "      when: \"$input.age > 1\n"
                + "        and \\\n"
                + "        ▸$input.vop\"\n",
        "unknown_field",
            "  - a: {adapter: ai, on_error: [{b: {adapter: ai, params: {t: ▸$error.kind}}}]}",
        "unknown_field", "  - a: {adapter: ai, retry: {when: ▸$error.tpye == 'x'}}",
        "unknown_field", "  - a: {adapter: ai, params: {t: ▸$execution.name}}",
        "unknown_field", "  - a: {adapter: ai, params: {t: ▸$flow.title}}",
        "unknown_field", "  - a: ai\n  - b: {adapter: ai, params: {t: ▸$steps.a.state}}",
        "unknown_field",
            "  - both: {parallel: [{x: ai}, {y: ai}]}\n  - b: {adapter: ai, params: {t: ▸$both.z}}",
        "unknown_field",
            "  - set: {point: {x: 1, y: 2}}\n  - b: {adapter: ai, params: {t: ▸$vars.point.z}}",
        "unknown_field",
            "  - a: {adapter: ai, output: {n: $result.text}}\n"
                + "  - b: {adapter: ai, params: {t: ▸$a.m}}",
        "unknown_field",
            "  - a: {adapter: ai, params: {t: \"${ $input.tags.map(t, {k: t}).map(o, ▸o.j) }\"}}",
        "type_error", "  - e: {foreach: $input.tags, do: [{b: {set: {v: ▸$item + 1}}}]}",
        "type_error", "  - e: {foreach: $input.tags, as: tag, do: [{b: {set: {v: ▸$tag.name}}}]}",
        "type_error", "  - e: {foreach: $input.tags, do: [ai]}\n  - c: {set: {v: ▸$e + 'x'}}",
        "type_error", "  - a: {adapter: ai, params: {t: \"${ ▸'a' + 1 }\"}}",
        "type_error", "  - a: {adapter: ai, when: ▸$input.name > 5}",
        "type_error", "  - a: {adapter: ai, when: '▸''a'' < 1'}",
        "type_error", "  - a: {adapter: ai, params: {t: ▸$input.age + 'x'}}",
        "type_error", "  - a: {adapter: ai, params: {t: \"${ $input.tags.map(t, ▸t + 1) }\"}}",
        "type_error", "  - a: {adapter: ai, params: {t: \"${ upper(▸$input.age) }\"}}",
        "type_error", "  - a: {adapter: ai, params: {t: ▸$input.name.first}}",
        "type_error", "  - a: {adapter: ai, params: {t: \"${ ▸$input.meta.map(x, x) }\"}}",
        "type_error", "  - a: {adapter: ai, when: $input.name in ▸'abc'}",
        "type_error", "  - a: {adapter: ai, when: ▸$input.age matches '^a'}",
        "type_error", "  - a: {adapter: ai, params: {t: \"${ ▸1 / 0 }\"}}",
        "not_boolean", "  - a: {adapter: ai, when: ▸$input.name}",
        "not_boolean", "  - a: {if: ▸$input.tags.size(), then: [log_failure]}",
        "not_boolean", "  - a: {adapter: ai, when: $input.vip and ▸$input.age}",
        "not_boolean",
            "  - a: {adapter: ai, on_error: [{catch: '*', when: ▸$error.type, steps:"
                + " [log_failure]}]}",
        "expression", "  - a: {adapter: ai, params: {t: \"${ ▸siz($input.name) }\"}}",
        "expression", "  - a: {adapter: ai, params: {t: \"${ ▸size(1, 2) }\"}}",
        "expression", "  - a: {adapter: ai, when: \"$input.name matches ▸'('\"}",
        "bad_params", "  - a: {adapter: bank, params: ▸{currency: eur}}",
        "bad_params", "  - a: {adapter: bank, params: {amount: ▸much}}",
        "bad_params", "  - a: {adapter: bank, params: {amount: ▸$input.name}}",
        "bad_params", "  - a: {adapter: bank, params: {amount: 1, currency: ▸gbp}}",
        "bad_params", "  - a: {adapter: bank, action: pay, params: {amount: 1, to: ▸{name: x}}}",
        "literal_secret",
            "  - a: {adapter: ai, params: {t: \"▸${ 'sk_live_0123456789' }\"}}"
                .replace("▸${", "${")
                .replace("t: \"", "t: ▸\""));
  }

  /** The same as whole texts. */
  static Stream<Arguments> whole() {
    return Stream.concat(errors(), warnings())
        .map(each -> Arguments.of(each.get()[0], HEAD + each.get()[1]));
  }

  @ParameterizedTest(name = "{0} <- {1}")
  @MethodSource("errors")
  void a_mistake_is_told_with_its_code_and_place(String code, String steps) {
    Marked marked = Marked.of(HEAD + steps);
    FlowValidation validation = FlowValidation.validate(marked.text(), NAMES);
    assertThat(validation.errors().stream().map(Marked::told))
        .as(validation.errors().toString())
        .containsExactly(marked.told(code));
  }

  static Stream<Arguments> warnings() {
    return table(
        "never_equal", "  - a: {adapter: ai, when: ▸$input.age == '5'}",
        "unreachable_step", "  - r: {repeat: [{raise: {type: x}}], max: 3}\n  - ▸log_failure",
        "unreachable_step", "  - parallel: [ai, {do: [{return: 1}]}]\n  - ▸log_failure",
        "unreachable_step", "  - g: {do: [ai], finally: [{raise: {type: x}}]}\n  - ▸log_failure",
        "unreachable_step", "  - assert: 1 == 2\n  - ▸log_failure",
        "unreachable_step", "  - a: {adapter: ai, when: ▸false}",
        "unreachable_step", "  - a: {adapter: ai, when: ▸1 == 2}",
        "unreachable_step", "  - a: {if: ▸false, then: [log_failure]}",
        "unreachable_step", "  - a: {if: ▸true, then: [log_failure], else: [notify_admin]}",
        "unreachable_step",
            "  - a: {switch: [{when: ▸1 > 2, steps: [log_failure]}], default: [ai]}",
        "unreachable_step", "  - a: {switch: [{when: ▸true, steps: [log_failure]}], default: [ai]}",
        "unreachable_step", "  - a: {foreach: ▸'[]', do: [log_failure]}",
        "unreachable_step",
            "  - a: {adapter: ai, on_error: [{catch: '*', steps: [log_failure]}, ▸{catch: timeout,"
                + " steps: [notify_admin]}]}",
        "unreachable_step",
            "  - a: {adapter: ai, on_error: [{catch: timeout, when: ▸false, steps:"
                + " [log_failure]}]}",
        "never_equal", "  - a: {switch: $input.vip, cases: {'true': [ai], ▸yes: [log_failure]}}",
        "never_equal", "  - a: {switch: $input.age, cases: {'5': [ai], ▸five: [log_failure]}}",
        "pointless_retry", "  - a: {await: {signal: go}, retry: ▸{attempts: 2}}",
        "pointless_retry", "  - a: {await: {event: go}, retry: ▸{attempts: 2, only: [internal]}}",
        "pointless_retry", "  - a: {approve: {title: x}, retry: ▸{attempts: 2}}",
        "pointless_retry", "  - a: {adapter: ai, retry: ▸{only: [timeout], except: [timeout]}}",
        "pointless_retry", "  - a: {foreach: $input.tags, do: [ai], retry: ▸{when: 1 == 2}}",
        "contradiction", "  - a: {repeat: [ai], until: ▸true}",
        "contradiction", "  - a: {await: {event: go, match: ▸false}}",
        "contradiction", "  - a: {approve: {title: x, remind: ▸2d, timeout: 1d}}",
        "contradiction", "  - a: {approve: {title: x, escalate: {after: ▸7d, to: role:boss}}}",
        "unknown_field",
            "  - a: {adapter: bank, params: {amount: 1}}\n"
                + "  - b: {adapter: ai, params: {t: ▸$a.state}}",
        "bad_params", "  - a: {adapter: bank, params: {amount: 1, ▸curency: eur}}",
        "unknown_variable", "  - a: {adapter: ai, params: {t: ▸$vars.x}}");
  }

  @ParameterizedTest(name = "{0} <- {1}")
  @MethodSource("warnings")
  void what_is_odd_is_told_and_can_be_published(String code, String steps) {
    Marked marked = Marked.of(HEAD + steps);
    FlowValidation validation = FlowValidation.validate(marked.text(), NAMES);
    assertThat(validation.errors()).isEmpty();
    assertThat(validation.warnings().stream().map(Marked::told)).containsExactly(marked.told(code));
  }

  static Stream<String> clean() {
    return Stream.of(
        "  - a: {adapter: ai, params: {t: $input.meta.anything.at.all, u: $input.address.city}}",
        "  - a: {adapter: ai, when: $input.vip}",
        "  - a: {adapter: ai, when: $input.vip == null or $input.age >= 18}",
        "  - a: {adapter: ai, params: {t: \"${ $input.vip ? 1 : 'a' }\", u: \"${ if($input.vip,"
            + " [1], 'a') + [2] }\"}}",
        "  - a: {adapter: ai, params: {t: '$input.tags[0].size()'}}\n"
            + "  - b: {adapter: ai, params: {t: $a.b.c + 1}}",
        "  - a: {adapter: ai, when: has($input.nothing)}",
        "  - e: {foreach: $input.tags, do: [{b: {set: {v: $item + 'x'}}}], collect: $result.v}\n"
            + "  - c: {set: {v: $e}}",
        "  - a: {adapter: ai, when: $input.name == null}",
        "  - set: {n: 1}\n  - set: {n: $vars.n + 1}\n  - set: {n: $vars.n + 'x'}",
        "  - set: {list: []}\n  - set: {list: \"$vars.list + [1]\"}",
        "  - a: {adapter: ai, output: $result.text, on_error: {steps: [log_failure], then:"
            + " continue}}\n"
            + "  - b: {adapter: ai, params: {t: $a.x}}",
        "  - a: {adapter: bank, params: {amount: $input.age, currency: $input.name, to: {iban:"
            + " {secret: iban}}, $sandbox: {delay: 1s}}}",
        "  - a: {adapter: bank, params: $input.meta}",
        "  - p: {parallel: [{x: {do: [{y: ai}]}}, log_failure]}\n"
            + "  - b: {adapter: ai, params: {t: $p.x.y, u: $p.log_failure}}",
        "  - a: {adapter: ai, params: {t: \"${ $input.tags.filter(t, t != 'x').map(t,"
            + " upper(t)).join(',') }\"}}",
        "  - a: {adapter: ai, params: {t: \"${ $input.tags.to_map(t, t, size(t)).a + 1 }\"}}",
        "  - a: {adapter: ai, params: {t: \"${ first([]) ?? 1 }\", u: \"${ max([]) }\", v: \"${ {a:"
            + " 1}['a'] + 1 }\"}}",
        "  - a: {adapter: ai, retry: {when: $error.data.code > 3 and $error.status >= 500}}");
  }

  @ParameterizedTest
  @MethodSource("clean")
  void what_can_work_is_not_complained_of(String steps) {
    FlowValidation validation = FlowValidation.validate(HEAD + steps, NAMES);
    assertThat(validation.errors()).isEmpty();
    assertThat(validation.warnings()).isEmpty();
  }

  @Test
  void a_flow_without_an_input_schema_may_be_given_anything() {
    String text =
        "flow: shop\nsteps:\n  - a: {adapter: ai, params: {t: $input.x.y, u: $trigger.z}}";
    assertThat(FlowValidation.validate(text, NAMES).errors()).isEmpty();
  }

  @Test
  void json_schema_leaves_undeclared_fields_open_unless_it_closes_them() {
    String schema =
        "flow: shop\n"
            + "input: {type: object, properties: {a: {type: string}}%s}\n"
            + "steps:\n"
            + "  - b: {adapter: ai, params: {t: $input.c}}";
    FlowValidation silent = FlowValidation.validate(schema.formatted(""), NAMES);
    assertThat(silent.errors()).isEmpty();
    assertThat(silent.warnings()).extracting(Problem::code).containsExactly("unknown_field");
    FlowValidation closed =
        FlowValidation.validate(schema.formatted(", additionalProperties: false"), NAMES);
    assertThat(closed.errors()).extracting(Problem::code).containsExactly("unknown_field");
    FlowValidation open =
        FlowValidation.validate(schema.formatted(", additionalProperties: true"), NAMES);
    assertThat(open.errors()).isEmpty();
    assertThat(open.warnings()).isEmpty();
  }

  @Test
  void the_trigger_of_a_flow_with_webhooks_only_has_known_fields() {
    String text = "flow: shop\ntriggers: [{webhook: {filter: ▸$trigger.bdy.ok}}]\nsteps: [ai]";
    Marked marked = Marked.of(text);
    assertThat(FlowValidation.validate(marked.text(), NAMES).errors().stream().map(Marked::told))
        .containsExactly(marked.told("unknown_field"));
  }

  @Test
  void a_hint_names_what_was_probably_meant_or_what_there_is() {
    assertThat(hint("  - a: {adapter: ai, params: {t: $input.nam}}"))
        .isEqualTo("did you mean 'name'?");
    assertThat(hint("  - a: {adapter: ai, params: {t: $flow.published_at}}"))
        .contains("it has ", "version");
    assertThat(hint("  - a: {adapter: ai, when: $input.name > 5}")).contains("number(...)");
  }

  private static String hint(String steps) {
    return FlowValidation.validate(HEAD + steps, NAMES).errors().getFirst().hint();
  }

  @Test
  void a_definition_may_be_used_in_its_own_handlers_if_that_use_has_handlers_of_its_own() {
    String text =
        """
        flow: shop
        define:
          d: {adapter: ai, on_error: [{again: {use: d, on_error: [log_failure]}}]}
        steps:
          - a: {use: d}
        """;
    FlowValidation validation = FlowValidation.validate(text, NAMES);
    assertThat(validation.errors()).isEmpty();
    Step again =
        validation
            .compiled()
            .plan()
            .at("a")
            .common()
            .onError()
            .clauses()
            .getFirst()
            .steps()
            .getFirst();
    assertThat(again.id()).isEqualTo("again");
    assertThat(again.common().onError().clauses().getFirst().steps().getFirst().id())
        .isEqualTo("log_failure");
    String endless = text.replace(", on_error: [log_failure]", "");
    assertThat(FlowValidation.validate(endless, NAMES).errors())
        .extracting(Problem::code)
        .containsOnly("recursion");
  }

  @Test
  void definitions_that_use_each_other_end_or_are_told() {
    String text =
        """
        flow: shop
        define:
          d: {use: e}
          e: {adapter: ai, on_error: [{again: {use: d, on_error: %s}}]}
        steps:
          - a: {use: d}
        """;
    assertThat(FlowValidation.validate(text.formatted("[log_failure]"), NAMES).errors()).isEmpty();
    assertThat(FlowValidation.validate(text.formatted("[{more: {use: d}}]"), NAMES).errors())
        .extracting(Problem::code)
        .contains("recursion");
    String nested =
        """
        flow: shop
        define:
          d: {do: [{y: {adapter: ai, on_error: [{z: {use: d, on_error: [log_failure]}}]}}]}
        steps:
          - a: {use: d}
        """;
    assertThat(FlowValidation.validate(nested, NAMES).errors())
        .extracting(Problem::code)
        .contains("recursion");
  }

  private static Stream<Arguments> table(String... cells) {
    return Stream.iterate(0, i -> i + 2)
        .limit(cells.length / 2)
        .map(i -> Arguments.of(cells[i], cells[i + 1]));
  }
}
