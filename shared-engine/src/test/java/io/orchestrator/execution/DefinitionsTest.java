package io.orchestrator.execution;

import static io.orchestrator.execution.Story.broken;
import static io.orchestrator.execution.Story.failed;
import static io.orchestrator.execution.Story.given;
import static io.orchestrator.execution.Story.succeeded;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What {@code $with} is: inside a definition what that is given, beside {@code use} what is given
 * to whoever writes it.
 */
class DefinitionsTest {
  private static CallPlan.Ready call(Story story, String path) {
    return (CallPlan.Ready)
        CallPlan.of(story.plan(), story.execution(), path, null, null, story.now());
  }

  private static Object params(Story story, String path) {
    return call(story, path).params();
  }

  private static String undo(Story story, String step) {
    return story.plan().at(step).common().compensate().path();
  }

  @Test
  void an_option_beside_a_use_in_a_definition_sees_what_that_definition_is_given() {
    String define =
        """
        define:
          inner: {adapter: a, params: {n: $with.n}, timeout: 9s}
          outer:
            use: inner
            with: {n: $with.number}
            when: $with.wanted
            timeout: $with.time
            idempotency_key: "key-${ $with.number }"
            output: "${ $with.number }/${ $result }"
            retry: {attempts: 2, only: ["*"], when: $with.again, delay: $with.pause, jitter: none}
        """;
    String use = "{use: outer, with: {number: 7, wanted: %s, time: 3s, again: true, pause: 4s}}";
    given(define, "- x: " + use.formatted("false"))
        .then("started", "skipped x", "ended completed = null");
    Story story = given(define, "- x: " + use.formatted("true"));
    CallPlan.Ready call = call(story, "x");
    assertThat(call.params()).isEqualTo(Map.of("n", 7L));
    assertThat(call.timeout()).isEqualTo(Duration.ofSeconds(3));
    assertThat(call.idempotencyKey()).isEqualTo("key-7");
    story
        .when(failed("x", 1, broken()))
        .then("retrying x#2 in PT4S after adapter_error")
        .later("4S")
        .when(succeeded("x", 2, "ok"))
        .then("completed x#2 = \"7/ok\"", "ended completed = \"7/ok\"");
  }

  @Test
  void each_of_three_definitions_sees_its_own_although_one_in_the_middle_hands_nothing_on() {
    String define =
        """
        define:
          low: {adapter: a, params: {n: $with.n}}
          middle: {use: low, with: {n: 1}, output: "${ $result } middle ${ $with.n }"}
          high: {use: middle, with: {n: 2}, when: $with.n == 3}
          highest: {use: high, with: {n: 3}, idempotency_key: "k${ $with.n }"}
        """;
    Story story = given(define, "- x: {use: highest, with: {n: 4}}");
    assertThat(call(story, "x").params()).isEqualTo(Map.of("n", 1L));
    assertThat(call(story, "x").idempotencyKey()).isEqualTo("k4");
    story
        .when(succeeded("x", 1, "ok"))
        .then("completed x#1 = \"ok middle 2\"", "ended completed = \"ok middle 2\"");
  }

  @Test
  void an_option_of_a_step_inside_of_a_definition_sees_what_that_definition_is_given() {
    String define =
        """
        define:
          inner: {adapter: a, params: {n: $with.n}}
          outer: {do: [{x: {use: inner, with: {n: 1}, when: $with.wanted, idempotency_key: $with.key}}]}
        """;
    Story story = given(define, "- g: {use: outer, with: {wanted: true, key: mine}}");
    assertThat(call(story, "g/x").idempotencyKey()).isEqualTo("mine");
    assertThat(params(story, "g/x")).isEqualTo(Map.of("n", 1L));
    given(define, "- g: {use: outer, with: {wanted: false}}").is(Status.COMPLETED);
  }

  @Test
  void handlers_and_what_undoes_see_what_their_writer_is_given() {
    String define =
        """
        define:
          inner:
            adapter: a
            params: {n: $with.n}
            on_error: [{inner_tell: {adapter: tell, params: {n: $with.n}}}]
            compensate: {adapter: refund, params: {n: $with.n}}
          outer:
            use: inner
            with: {n: 1}
            on_error:
              - catch: "*"
                when: $with.n == 2
                steps: [{outer_tell: {adapter: tell, params: {n: $with.n}}}]
          undone:
            use: inner
            with: {n: 5}
            compensate: {adapter: refund, params: {n: $with.n}}
        """;
    Story own = given(define, "- x: {use: inner, with: {n: 3}}").when(failed("x", 1, broken()));
    assertThat(params(own, "x/inner_tell")).isEqualTo(Map.of("n", 3L));
    Story outer = given(define, "- x: {use: outer, with: {n: 2}}").when(failed("x", 1, broken()));
    assertThat(params(outer, "x/outer_tell")).isEqualTo(Map.of("n", 2L));
    Story undone =
        given(define, "- x: {use: undone, with: {n: 6}}\n- b")
            .and(succeeded("x", 1, 1L), failed("b", 1, broken()));
    assertThat(params(undone, undo(undone, "x"))).isEqualTo(Map.of("n", 6L));
    Story innermost =
        given(define, "- y: {use: inner, with: {n: 7}}\n- b")
            .and(succeeded("y", 1, 1L), failed("b", 1, broken()));
    assertThat(params(innermost, undo(innermost, "y"))).isEqualTo(Map.of("n", 7L));
  }

  @Test
  void what_is_given_sees_the_item_and_the_error_where_it_is_written() {
    String define = "define: {inner: {adapter: a, params: {n: $with.n}}}\n";
    Story each =
        given(
                define,
                "- each: {foreach: \"[4, 5]\", as: one, do: [{x: {use: inner, with: {n: \"${ $one"
                    + " }-${ $index }\"}}}]}")
            .and(succeeded("each[0]/x", 1, 1L));
    assertThat(params(each, "each[1]/x")).isEqualTo(Map.of("n", "5-1"));
    Story handler =
        given(define, "- x: {adapter: b, on_error: [{h: {use: inner, with: {n: $error.type}}}]}")
            .when(failed("x", 1, broken()));
    assertThat(params(handler, "x/h")).isEqualTo(Map.of("n", "adapter_error"));
  }

  @Test
  void what_undoes_an_item_is_given_what_was_there_when_it_ran() {
    Story story =
        given(
                "define: {inner: {adapter: a, compensate: {adapter: refund, params: {n:"
                    + " $with.n}}}}\n",
                "- each: {foreach: \"[4, 5]\", do: [{x: {use: inner, with: {n: $item}}}]}\n- b")
            .and(succeeded("each[0]/x", 1, 1L), succeeded("each[1]/x", 1, 1L))
            .when(failed("b", 1, broken()));
    String undo = story.plan().at("each/x").common().compensate().id();
    assertThat(params(story, "each[1]/x/" + undo)).isEqualTo(Map.of("n", 5L));
    story.and(succeeded("each[1]/x/" + undo, 1, null));
    assertThat(params(story, "each[0]/x/" + undo)).isEqualTo(Map.of("n", 4L));
  }
}
