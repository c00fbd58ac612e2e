package io.orchestrator.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever the text, the answer is a list of problems or a plan. */
class AnyTextProperties {
  private static final String WHOLE =
      """
      flow: shop
      version: 1.2.3
      triggers: [{webhook: {path: a-b, filter: $trigger.body.ok, input: $trigger.body}}, {schedule: {cron: 0 9 * * *}}]
      input: {text: string, tags?: [string]}
      vars: {n: 1}
      define: {tell: {adapter: ai, params: {text: $with.text}}, ship: {do: [{pack: ai}]}}
      steps:
        - first: {adapter: ai, retry: {attempts: 3, backoff: [1s, 2s], only: [timeout]}, output: $result.text}
        - choice: {if: $first != null, then: [{yes: ai}], else: [{return: 1}]}
        - both: {parallel: [{l: {do: [{l1: ai}]}}, log_failure], timeout: 5m}
        - await: {callback: true, timeout: 1h}
        - set: {n: $vars.n + 1}
        - {wait: {until: $input.at}}
        - use_it: {use: tell, with: {text: 'a ${$n} b'}, on_error: [{catch: '*', when: $error.retryable, steps: [ship]}]}
      on_error: {steps: [{raise: {type: x, message: y}}], then: fail}
      output: {all: $last}
      """;
  private static final List<String> PIECES =
      List.of(
          "{", "}", "[", "]", ": ", "- ", "\n", "  ", "$", "${", "'", "\"", "!", "&a", "*a", "#",
          "null", "7", ",", "~", "?", "|", "steps", "do", "secret", "\t", "%", "---\n", "é");

  @Property(tries = 500)
  void a_damaged_text_is_answered_and_never_breaks_the_reader(@ForAll long seed) {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder(WHOLE);
    for (int damage = 1 + random.nextInt(3); damage > 0; damage--) {
      int at = random.nextInt(text.length());
      int end = Math.min(text.length(), at + random.nextInt(8));
      text.replace(at, end, random.nextBoolean() ? "" : PIECES.get(random.nextInt(PIECES.size())));
    }
    FlowValidation validation = FlowValidation.validate(text.toString(), Examples.NAMES);
    assertThat(validation.valid()).isEqualTo(validation.errors().isEmpty());
    assertThat(validation.errors()).allSatisfy(problem -> assertThat(problem.line()).isPositive());
    if (validation.valid()) {
      Compiled compiled = validation.compiled();
      assertThat(Compiler.recompile(text.toString(), compiled.bindings(), "1.0.0").hash())
          .isEqualTo(compiled.plan().hash());
    }
  }
}
