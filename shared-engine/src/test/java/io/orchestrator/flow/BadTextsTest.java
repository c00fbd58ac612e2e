package io.orchestrator.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Texts with one mistake each; the mark stands where the problem must be told. */
class BadTextsTest {
  private static final String MARK = "▸";
  private static final String HEAD = "flow: shop\nsteps:\n";

  @ParameterizedTest(name = "{0} <- {1}")
  @MethodSource({
    "written",
    "shaped",
    "stepped",
    "optioned",
    "looped",
    "structured",
    "masked",
    "crossing",
    "meant"
  })
  void a_mistake_is_told_with_its_code_and_place(String code, String marked) {
    int at = marked.indexOf(MARK);
    assertThat(at).as("the text has a mark").isNotNegative();
    String before = marked.substring(0, at);
    int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
    int column = before.length() - before.lastIndexOf('\n');

    List<Problem> errors =
        FlowValidation.validate(marked.replace(MARK, ""), Examples.NAMES).errors();

    assertThat(
            errors.stream()
                .map(e -> e.code() + " " + e.line() + ":" + e.column() + " " + e.message()))
        .singleElement()
        .asString()
        .startsWith(code + " " + line + ":" + column + " ");
  }

  static Stream<Arguments> written() {
    return table(
        "empty", "▸",
        "empty", "▸# nothing but a comment\n",
        "syntax", "flow: shop\nsteps: [▸",
        "syntax", "flow: a▸: b",
        "syntax", "flow: ▸@shop",
        "syntax", HEAD + "  - log\n ▸x: 1",
        "duplicate_key", "flow: shop\n▸flow: other\nsteps: [log_failure]",
        "duplicate_key", HEAD + "  - a:\n      adapter: ai\n      ▸adapter: ai",
        "tag", HEAD + "  - a:\n      if: ▸!$input.ok\n      then: [log_failure]",
        "tag", HEAD + "  - a: {if: ▸!$input.ok, then: [log_failure]}",
        "tag", "flow: ▸!!str shop\nsteps: [log_failure]",
        "anchor", "flow: shop\nsteps: ▸&all [log_failure]",
        "anchor", "flow: shop\nsteps: ▸*all",
        "merge_key", "flow: shop\nvars: {a: 1, ▸<<: {b: 2}}\nsteps: [log_failure]",
        "directive", "▸%YAML 1.2\n---\nflow: shop\nsteps: [log_failure]",
        "second_document", "flow: shop\nsteps: [log_failure]\n▸---\nflow: other\n",
        "key_not_text", "flow: shop\nvars: {a: 1, ▸2: b}\nsteps: [log_failure]",
        "key_not_text", "flow: shop\nvars: {a: 1, ▸true: b}\nsteps: [log_failure]",
        "key_not_text", "flow: shop\nvars:\n  ? ▸[a]\n  : b\n  c: 1\nsteps: [log_failure]",
        "number", "flow: shop\nvars: {a: ▸1e400}\nsteps: [log_failure]",
        "number", "flow: shop\nvars: {a: ▸.inf}\nsteps: [log_failure]",
        "number", "flow: shop\nvars: {a: ▸" + "1".repeat(41) + "}\nsteps: [log_failure]",
        "encoding", "flow: shop\nvars: {a: ▸\"\\0\"}\nsteps: [log_failure]",
        "encoding", "flow: shop\nvars: {a: ▸\"\\ud800\"}\nsteps: [log_failure]",
        "encoding", "flow: shop\nvars: {a: ▸\u0000}\nsteps: [log_failure]",
        "too_deep",
            "flow: shop\nvars: {a: "
                + "[".repeat(30)
                + "▸[1]"
                + "]".repeat(30)
                + "}\nsteps: [log_failure]");
  }

  static Stream<Arguments> shaped() {
    return table(
        "wrong_type", "▸- flow",
        "wrong_type", "▸just a text",
        "missing_key", "▸flow: shop",
        "missing_key", "▸steps: [log_failure]",
        "bad_name", "flow: ▸Shop\nsteps: [log_failure]",
        "wrong_type", "flow: ▸7\nsteps: [log_failure]",
        "unknown_key", "flow: shop\n▸stepz: []\nsteps: [log_failure]",
        "bad_version", "flow: shop\nversion: ▸1.10\nsteps: [log_failure]",
        "bad_version", "flow: shop\nversion: ▸v1.0.0\nsteps: [log_failure]",
        "bad_version", "flow: shop\nversion: ▸01.0.0\nsteps: [log_failure]",
        "bad_value", "flow: shop\ntrigger: ▸webhook.recieved\nsteps: [log_failure]",
        "unknown_key", "flow: shop\ntriggers: [{▸webhok: {path: a}}]\nsteps: [log_failure]",
        "bad_value", "flow: shop\ntriggers: [{webhook: {path: ▸/a b}}]\nsteps: [log_failure]",
        "bad_cron", "flow: shop\ntriggers: [{schedule: {cron: ▸0 24 * * *}}]\nsteps: [ai]",
        "bad_cron", "flow: shop\ntriggers: [{schedule: {cron: ▸0 0 30 FEB *}}]\nsteps: [ai]",
        "bad_value", "flow: shop\ntriggers: [{schedule: {cron: ▸daily}}]\nsteps: [log_failure]",
        "unknown_timezone",
            "flow: shop\n"
                + "triggers: [{schedule: {cron: 0 9 * * *, timezone: ▸Mars/Base}}]\n"
                + "steps: [ai]",
        "missing_key", "flow: shop\ntriggers: [{schedule: ▸{}}]\nsteps: [log_failure]",
        "missing_key",
            "flow: shop\ntriggers: [{event: ▸{filter: $event.data.ok}}]\nsteps: [log_failure]",
        "bad_value",
            "flow: shop\ntriggers: [{completed: {flow: intake, status: ▸[done]}}]\nsteps: [ai]",
        "bad_value", "flow: shop\ntriggers: [{webhook: {verify: ▸githb}}]\nsteps: [log_failure]",
        "unknown_key",
            "flow: shop\ntriggers: [{webhook: {verify: {▸githb: {}}}}]\nsteps: [log_failure]",
        "bad_schema", "flow: shop\ninput: {a: ▸strin}\nsteps: [log_failure]",
        "bad_schema", "flow: shop\ninput: ▸[string]\nsteps: [log_failure]",
        "bad_schema", "flow: shop\ninput: {a: ▸[string, integer]}\nsteps: [log_failure]",
        "bad_schema",
            "flow: shop\n"
                + "input: {type: object, properties: {a: {$ref: ▸'http://x/y'}}}\n"
                + "steps: [ai]",
        "wrong_type", "flow: shop\nvars: ▸[1]\nsteps: [log_failure]",
        "bad_duration", "flow: shop\ntimeout: ▸30\nsteps: [log_failure]",
        "misplaced_reference", "flow: shop\ntimeout: ▸$error.type\nsteps: [log_failure]",
        "syntax", "flow: shop\nmask: [input.a[*▸].b]\nsteps: [log_failure]",
        "wrong_type", "flow: shop\ntests: ▸{}\nsteps: [log_failure]");
  }

  static Stream<Arguments> stepped() {
    return table(
        "empty", "flow: shop\nsteps: ▸[]",
        "wrong_type", "flow: shop\nsteps: ▸log_failure",
        "wrong_type", HEAD + "  - ▸7",
        "bad_value", HEAD + "  - ▸a: {adapter: ai}\n    b: {adapter: ai}",
        "bad_value", HEAD + "  - ▸if: $input.a\n    then: [log_failure]",
        "bad_name", HEAD + "  - ▸Log Failure",
        "bad_name", HEAD + "  - a: {adapter: ▸AI}",
        "bad_id", HEAD + "  - ▸my-step: {adapter: ai}",
        "bad_id", HEAD + "  - ▸1st: {adapter: ai}",
        "reserved_name", HEAD + "  - ▸input: {adapter: ai}",
        "reserved_name", HEAD + "  - ▸response: {adapter: ai}",
        "reserved_name", HEAD + "  - ▸catch: {adapter: ai}",
        "duplicate_id", HEAD + "  - a: {adapter: ai}\n  - ▸a: {adapter: ai}",
        "duplicate_id", HEAD + "  - a: {adapter: ai, on_error: [{▸a: {adapter: ai}}]}",
        "no_kind", HEAD + "  - a: ▸{timeout: 5s}",
        "no_kind", HEAD + "  - a:▸\n",
        "no_kind", HEAD + "  - a: ▸{}",
        "unknown_key", HEAD + "  - a: {▸adaptor: ai}",
        "unknown_key", HEAD + "  - a: {adapter: ai, ▸parms: {}}",
        "unknown_key", HEAD + "  - a: {adapter: ai, ▸then: []}",
        "two_kinds", HEAD + "  - a: {adapter: ai, ▸wait: 5s}",
        "wrong_type", HEAD + "  - a: {adapter: ai, params: ▸[1]}",
        "missing_key", HEAD + "  - a: ▸{if: $input.a, else: [log_failure]}",
        "missing_key", HEAD + "  - conditional: ▸{then: [log_failure]}",
        "not_boolean", HEAD + "  - a: {if: ▸'''yes''', then: [log_failure]}",
        "not_boolean", HEAD + "  - a: {if: ▸5, then: [log_failure]}",
        "not_boolean", HEAD + "  - a: {adapter: ai, when: ▸1 + 1}",
        "expression", HEAD + "  - a: {if: $input.a ==▸, then: [log_failure]}",
        "bad_duration", HEAD + "  - wait: ▸5",
        "bad_duration", HEAD + "  - wait: ▸5 minutes",
        "bad_duration", HEAD + "  - wait: ▸0s",
        "bad_duration", HEAD + "  - wait: ▸366d",
        "missing_key", HEAD + "  - wait: ▸{}",
        "missing_key", HEAD + "  - await: ▸{}",
        "empty", HEAD + "  - set: ▸{}",
        "bad_name", HEAD + "  - set: {▸a-b: 1}",
        "missing_key", HEAD + "  - raise: ▸{message: x}",
        "bad_value", HEAD + "  - raise: {type: ▸Out Of Stock}",
        "wrong_type", HEAD + "  - raise: ▸sorry",
        "too_many_steps", HEAD + "  - log_failure\n".repeat(50) + "  - ▸log_failure\n",
        "too_nested", HEAD + "  - x: " + nested());
  }

  private static String nested() {
    StringBuilder text = new StringBuilder();
    for (int i = 1; i <= 8; i++) {
      text.append("{do: ").append(i == 8 ? MARK : "").append("[{x").append(i).append(": ");
    }
    return text + "{adapter: ai}" + "}]}".repeat(8);
  }

  static Stream<Arguments> optioned() {
    return table(
        "wrong_type", HEAD + "  - a: {adapter: ai, retry: ▸3}",
        "bad_value", HEAD + "  - a: {adapter: ai, retry: {attempts: ▸0}}",
        "wrong_type", HEAD + "  - a: {adapter: ai, retry: {attempts: ▸many}}",
        "bad_value", HEAD + "  - a: {adapter: ai, retry: {backoff: ▸exponentially}}",
        "empty", HEAD + "  - a: {adapter: ai, retry: {backoff: ▸[]}}",
        "bad_duration", HEAD + "  - a: {adapter: ai, retry: {backoff: [1s, ▸2x]}}",
        "bad_value", HEAD + "  - a: {adapter: ai, retry: {jitter: ▸some}}",
        "unknown_error_type", HEAD + "  - a: {adapter: ai, retry: {only: [▸timeuot]}}",
        "bad_value", HEAD + "  - a: {adapter: ai, retry: {except: [timeout, ▸Time-Out]}}",
        "unknown_error_type",
            HEAD
                + "  - a: {adapter: ai, on_error: [{catch: [▸out_of_stok], steps:"
                + " [log_failure]}]}\n"
                + "  - b: {raise: {type: out_of_stock}}",
        "unknown_key", HEAD + "  - a: {adapter: ai, retry: {▸attempt: 3}}",
        "bad_value", HEAD + "  - a: {adapter: ai, retry: {factor: ▸0}}",
        "bad_duration", HEAD + "  - a: {adapter: ai, timeout: ▸1.5s}",
        "wrong_type", HEAD + "  - a: {adapter: ai, on_error: ▸log_failure}",
        "missing_key", HEAD + "  - a: {adapter: ai, on_error: ▸{then: fail}}",
        "bad_value",
            HEAD + "  - a: {adapter: ai, on_error: {steps: [log_failure], then: ▸contineu}}",
        "unknown_error_type",
            HEAD + "  - a: {adapter: ai, on_error: [{catch: ▸time_out, steps: [log_failure]}]}",
        "missing_key",
            HEAD
                + "  - a: {adapter: ai, on_error: [{catch: '*', steps: [log_failure]},"
                + " ▸notify_admin]}",
        "bad_value", HEAD + "  - a: {adapter: ai, delivery: ▸exactly_once}",
        "wrong_type", HEAD + "  - a: {adapter: ai, disabled: ▸maybe}",
        "pointless_retry", HEAD + "  - a: {wait: 5s, retry: ▸{attempts: 3}}",
        "bad_value", HEAD + "  - a: {await: {callback: true, timeout: 1h}, ▸timeout: 2h}",
        "bad_value", HEAD + "  - a: {adapter: ai, await: ▸{callback: false}}");
  }

  static Stream<Arguments> looped() {
    String each = HEAD + "  - a: {foreach: $input.x, do: [log_failure], ";
    return table(
        "missing_key", HEAD + "  - ▸foreach: $input.items",
        "wrong_type", HEAD + "  - a: {foreach: ▸[1], do: [log_failure]}",
        "expression", HEAD + "  - a: {foreach: $input.▸, do: [log_failure]}",
        "empty", HEAD + "  - a: {foreach: $input.x, do: ▸[]}",
        "unknown_key", each + "▸until: true}",
        "unknown_key", each + "▸concurency: 3}",
        "bad_value", each + "concurrency: ▸0}",
        "wrong_type", each + "concurrency: ▸many}",
        "bad_name", each + "as: ▸an-item}",
        "reserved_name", each + "as: ▸input}",
        "duplicate_id", each + "as: ▸log_failure}",
        "bad_value", each + "complete: {tolerate: ▸101%}}",
        "bad_value", each + "complete: {tolerate: ▸-1}}",
        "missing_key", each + "complete: ▸{}}",
        "wrong_type", each + "complete: ▸any}",
        "missing_key", HEAD + "  - ▸repeat: [log_failure]",
        "missing_key", HEAD + "  - a: ▸{repeat: [log_failure], every: 1s}",
        "bad_value", HEAD + "  - a: {repeat: [log_failure], max: ▸0}",
        "not_boolean", HEAD + "  - a: {repeat: [log_failure], until: ▸3}",
        "step_not_run", HEAD + "  - a: {foreach: $input.x, do: [b: ai]}\n  - c: {set: {v: ▸$b}}",
        "step_not_run", HEAD + "  - a: {foreach: ▸$b, do: [b: ai]}",
        "misplaced_reference", HEAD + "  - a: {set: {v: ▸$item}}",
        "misplaced_reference", HEAD + "  - a: {repeat: [ai], max: 2, until: ▸$item == 1}",
        "unknown_reference", each.replace("log_failure", "b: {set: {v: ▸$one}}") + "as: ones}");
  }

  static Stream<Arguments> structured() {
    String two = HEAD + "  - a: {parallel: [log_failure, notify_admin], ";
    return table(
        "missing_key", HEAD + "  - a: ▸{switch: $input.a}",
        "wrong_type", HEAD + "  - a: {switch: $input.a, cases: ▸[log_failure]}",
        "empty", HEAD + "  - a: {switch: $input.a, cases: ▸{}}",
        "empty", HEAD + "  - a: {switch: ▸[]}",
        "missing_key", HEAD + "  - switch: [▸{steps: [log_failure]}]",
        "missing_key", HEAD + "  - switch: [▸{when: true}]",
        "unknown_key", HEAD + "  - switch: [{▸if: true, when: true, steps: [log_failure]}]",
        "not_boolean", HEAD + "  - switch: [{when: ▸3, steps: [log_failure]}]",
        "unknown_key", HEAD + "  - a: {switch: $input.a, cases: {x: [log_failure]}, ▸else: [ai]}",
        "not_boolean", HEAD + "  - a: {assert: ▸3}",
        "wrong_type", HEAD + "  - a: {assert: true, message: ▸[x]}",
        "pointless_retry", HEAD + "  - a: {assert: $input.x, retry: ▸{attempts: 2}}",
        "bad_value", two + "complete: ▸some}",
        "contradiction", two + "complete: {min: ▸3}}",
        "bad_value", two + "complete: {min: ▸0}}",
        "bad_value", two + "complete: ▸{}}",
        "bad_value", two + "complete: ▸{min: 1, tolerate: 1}}",
        "unknown_key", two + "complete: {min: 1, ▸maximum: 2}}",
        "bad_value", two + "concurrency: ▸0}",
        "empty", HEAD + "  - a: {do: [log_failure], finally: ▸[]}",
        "misplaced_reference", HEAD + "  - a: {do: [{b: {set: {v: ▸$error}}}], finally: [ai]}");
  }

  static Stream<Arguments> masked() {
    String shop = "flow: shop\ninput: {card: {number: string}, lines: [{iban: string}]}\n";
    String steps = "steps: [ai]";
    return table(
        "bad_value", HEAD + "  - a: {adapter: ai, mask: ▸a b}",
        "bad_value", "flow: shop\nmask: [▸input..card]\n" + steps,
        "wrong_type", "flow: shop\nmask: [▸{a: b}]\n" + steps,
        "unknown_reference", "flow: shop\nmask: [▸inptu.card]\n" + steps,
        "unknown_field", shop + "mask: [▸input.crad]\n" + steps,
        "unknown_field", shop + "mask: [input.card, ▸input.card.nubmer]\n" + steps,
        "unknown_field", shop + "mask: ['input.lines[*].iban', ▸input.lines.iabn]\n" + steps,
        "unknown_field", shop + "mask: ▸output.card\n" + steps + "\noutput: {total: 1}",
        "unknown_field", HEAD + "  - a: {do: [{b: {set: {v: 1}}}], mask: ▸error.mesage}");
  }

  static Stream<Arguments> crossing() {
    return table(
        "bad_value", HEAD + "  - a: {adapter: ai, await: ▸{signal: go}}",
        "bad_value", HEAD + "  - a: {await: {signal: go, ▸event: paid}}",
        "bad_value", HEAD + "  - a: {await: {signal: ▸no way}}",
        "bad_value", HEAD + "  - a: {await: {event: ▸$paid}}",
        "bad_duration", HEAD + "  - a: {await: {event: paid, buffer: ▸8d}}",
        "unknown_key", HEAD + "  - a: {await: {event: paid, ▸kye: $input.id}}",
        "missing_key", HEAD + "  - a: {approve: ▸{to: user:ann}}",
        "bad_value", HEAD + "  - a: {approve: {title: x, to: [▸ann]}}",
        "bad_value", HEAD + "  - a: {approve: {title: x, quorum: ▸0}}",
        "bad_value", HEAD + "  - a: {approve: {title: x, options: ▸[a, a]}}",
        "bad_schema", HEAD + "  - a: {approve: {title: x, form: {why: ▸strin}}}",
        "missing_key", HEAD + "  - a: {emit: ▸{data: 1}}",
        "bad_value", HEAD + "  - a: {emit: {type: ▸approval.requested}}",
        "pointless_retry", HEAD + "  - a: {emit: {type: x}, retry: ▸{attempts: 2}}",
        "unknown_flow", HEAD + "  - a: {flow: ▸order-intak}",
        "bad_version", HEAD + "  - a: {flow: ▸order-intake@latest}",
        "bad_value", HEAD + "  - a: {flow: order-intake, mode: ▸detached}",
        "misplaced_secret", HEAD + "  - a: {flow: order-intake, input: {k: ▸{secret: s}}}",
        "bad_value", "flow: shop\ntriggers: [{event: {type: ▸a b}}]\nsteps: [ai]");
  }

  static Stream<Arguments> meant() {
    return table(
        "unknown_step",
        HEAD + "  - ▸send_mail",
        "unknown_step",
        HEAD + "  - a: ▸send_mail",
        "unknown_step",
        HEAD + "  - a: {use: ▸nothing}",
        "ambiguous_name",
        HEAD + "  - ▸send_message",
        "unknown_adapter",
        HEAD + "  - a: {adapter: ▸strip}",
        "unknown_adapter",
        HEAD + "  - ▸strip.charge",
        "unknown_action",
        HEAD + "  - a: {adapter: stripe, action: ▸charg}",
        "unknown_action",
        HEAD + "  - ▸stripe.charg",
        "no_default_action",
        HEAD + "  - a: {adapter: ▸iam}",
        "recursion",
        "flow: shop\ndefine: {x: {do: [{b: ▸x}]}}\nsteps: [ai]",
        "unknown_step",
        "flow: shop\ndefine: {x: {do: [▸nothing_known]}}\nsteps: [ai]",
        "unknown_reference",
        HEAD + "  - a: {adapter: ai, params: {t: ▸$inptu.text}}",
        "unknown_reference",
        HEAD + "  - a: {adapter: ai, when: not ▸$nothing.ok}",
        "unknown_reference",
        HEAD + "  - a: {adapter: ai, params: {t: ▸$steps.nothing.status}}",
        "step_not_run",
        HEAD + "  - a: {adapter: ai, params: {t: ▸$b.x}}\n  - b: {adapter: ai}",
        "step_not_run",
        HEAD + "  - a: {adapter: ai, params: {t: ▸$a.x}}",
        "step_not_run",
        HEAD + "  - g: {do: [{a: {adapter: ai, params: {t: ▸$g.x}}}]}",
        "step_not_run",
        HEAD
            + "  - c: {if: $input.x, then: [{a: {adapter: ai}}], else: [{b: {adapter: ai, params:"
            + " {t: ▸$a}}}]}",
        "sibling_branch",
        HEAD + "  - parallel: [{a: {adapter: ai}}, {b: {adapter: ai, params: {t: ▸$a.x}}}]",
        "sibling_branch",
        HEAD
            + "  - parallel: [{a: {adapter: ai}}, {g: {do: [{b: {adapter: ai, params: {t:"
            + " ▸$a.x}}}]}}]",
        "misplaced_reference",
        HEAD + "  - a: {adapter: ai, params: {t: ▸$error.type}}",
        "misplaced_reference",
        HEAD + "  - a: {adapter: ai, params: {t: ▸$result.x}}",
        "misplaced_reference",
        HEAD + "  - a: {adapter: ai, params: {t: ▸$callback.url}}",
        "misplaced_reference",
        HEAD + "  - a: {adapter: ai, params: {t: ▸$item.x}}",
        "misplaced_reference",
        HEAD + "  - a: {adapter: ai, params: {t: ▸$with.x}}",
        "misplaced_reference",
        "flow: shop\ntriggers: [{webhook: {filter: ▸$input.ok}}]\nsteps: [ai]",
        "step_not_run",
        "flow: shop\ntriggers: [{webhook: {filter: ▸$a.ok}}]\nsteps: [{a: ai}]",
        "expression",
        HEAD + "  - a: {adapter: ai, params: {t: $input.x ▸hello}}",
        "literal_secret",
        HEAD + "  - a: {adapter: ai, params: {password: ▸hunter2}}",
        "literal_secret",
        HEAD + "  - a: {adapter: ai, params: {h: {apiKey: ▸abc123}}}",
        "literal_secret",
        HEAD + "  - set: {x: ▸sk_live_0123456789abcdef}",
        "expression",
        HEAD + "  - a: {adapter: ai, params: {k: {secret: ▸$input.name}}}",
        "expression",
        HEAD + "  - a: {adapter: ai, params: {k: ['a ${$input.b +▸} c']}}",
        "misplaced_secret",
        HEAD + "  - set: {x: ▸{secret: shop}}",
        "unreachable_step",
        HEAD + "  - return: 1\n  - ▸log_failure",
        "unreachable_step",
        HEAD
            + "  - s: {switch: [{when: $input.x, steps: [{return: 1}]}], default: [{return: 2}]}\n"
            + "  - ▸log_failure",
        "unreachable_step",
        HEAD + "  - f: {foreach: $input.x, do: [{return: 1}, ▸log_failure]}\n  - notify_admin",
        "contradiction",
        HEAD + "  - r: {repeat: [ai], until: ▸false}",
        "contradiction",
        HEAD + "  - a: ▸{approve: {title: x, to: ['user:ann', 'user:bob'], quorum: 3}}",
        "unreachable_step",
        HEAD + "  - raise: {type: x}\n  - ▸log_failure\n  - notify_admin",
        "unreachable_step",
        HEAD
            + "  - a: {if: $input.x, then: [{return: 1}], else: [{raise: {type: x}}]}\n"
            + "  - ▸log_failure");
  }

  @Test
  void all_mistakes_are_told_at_once_in_the_order_of_the_text() {
    List<Problem> errors =
        FlowValidation.validate(
                """
                flow: Shop
                version: one
                steps:
                  - a: {adaptor: ai}
                  - b: {adapter: stripee, timeout: 5}
                  - b: {use: nothing, params: {}}
                  - c: {adapter: ai, params: {x: $d.y}}
                """,
                Examples.NAMES)
            .errors();
    assertThat(errors.stream().map(e -> e.line() + " " + e.code()))
        .containsExactly(
            "1 bad_name",
            "2 bad_version",
            "4 unknown_key",
            "5 unknown_adapter",
            "5 bad_duration",
            "6 duplicate_id",
            "6 unknown_step",
            "6 unknown_key",
            "7 unknown_reference");
  }

  @Test
  void a_problem_points_into_the_document_and_says_what_was_probably_meant() {
    Problem problem =
        FlowValidation.validate(
                HEAD + "  - a: {adapter: ai, params: {'a/b~c': $inptu.text}}", Examples.NAMES)
            .errors()
            .getFirst();
    assertThat(problem.path()).isEqualTo("/steps/0/a/params/a~1b~0c");
    assertThat(problem.hint()).isEqualTo("did you mean 'input'?");
  }

  @Test
  void a_text_that_yaml_takes_for_something_else_is_told_to_be_quoted() {
    String alias = "flow: shop\nmask: [input.orders[*].id]\nsteps: [ai]";
    assertThat(FlowValidation.validate(alias, Examples.NAMES).errors())
        .extracting(Problem::hint)
        .containsExactly("put a text with * or & in quotes: 'input.orders[*].id'");
    String list = "flow: shop\nmask: [input.orders[0].id]\nsteps: [ai]";
    assertThat(FlowValidation.validate(list, Examples.NAMES).errors())
        .extracting(Problem::hint)
        .containsExactly("put a text with [, ], {, } or a comma in quotes");
  }

  @Test
  void a_tag_that_was_meant_as_not_gets_the_text_to_write() {
    for (String text :
        List.of("  - a:\n      if: !$x.ok\n      then: [ai]", "  - a: {if: !$x.ok, then: [ai]}")) {
      assertThat(FlowValidation.validate(HEAD + text, Examples.NAMES).errors().getFirst().hint())
          .isEqualTo("write `not $x.ok`");
    }
  }

  @Test
  void a_text_of_more_than_256_kib_is_refused_before_it_is_parsed() {
    String text = HEAD + "  - log_failure\n# " + "ä".repeat(131_072);
    assertThat(FlowValidation.validate(text, Examples.NAMES).errors())
        .singleElement()
        .returns("too_large", Problem::code);
  }

  @Test
  void bytes_that_are_no_utf8_are_refused_with_their_place() {
    byte[] text = (HEAD + "  - x").getBytes(java.nio.charset.StandardCharsets.UTF_8);
    text[text.length - 1] = (byte) 0xC3;
    assertThat(FlowValidation.validate(text, Examples.NAMES).errors())
        .singleElement()
        .returns("encoding", Problem::code)
        .returns(3, Problem::line)
        .returns(5, Problem::column);
  }

  private static Stream<Arguments> table(String... cells) {
    return Stream.iterate(0, i -> i + 2)
        .limit(cells.length / 2)
        .map(i -> Arguments.of(cells[i], cells[i + 1]));
  }
}
