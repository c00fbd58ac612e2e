package io.orchestrator.functions;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.functions.TestStack.Answer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Executions are paused, resumed and found by their search attributes, over the API. */
class SteeringAndSearchTest {
  private static TestStack stack;

  @BeforeAll
  static void start() throws Exception {
    stack = new TestStack();
    stack.publish(
        """
        flow: steered
        steps:
          - go: {await: {signal: ready}}
          - told: {adapter: sandbox, action: echo, params: {n: $go.n}}
        """);
    stack.publish(
        """
        flow: spending
        budget: {steps: 1, on_exceed: pause}
        steps:
          - a: {adapter: sandbox, action: echo, params: {n: 1}}
          - b: {adapter: sandbox, action: echo, params: {n: 2}}
        """);
    stack.publish(
        """
        flow: found
        input: {order: string, kind: string}
        search: {order: $input.order, kind: $input.kind}
        steps:
          - set: {x: 1}
        """);
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  private static Answer post(String id, String what, String body) {
    return stack.call(stack.admin(), "POST", "/executions/" + id + "/" + what, body);
  }

  private static Map<String, Object> execution(String id) {
    return stack.call(stack.admin(), "GET", "/executions/" + id, null).json();
  }

  private static List<Object> found(String query) {
    Answer answer = stack.call(stack.admin(), "GET", "/executions?" + query, null);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return ((List<?>) answer.json().get("items"))
        .stream().map(item -> Template.map(item).get("id")).toList();
  }

  @Test
  void what_is_paused_keeps_what_it_is_told_and_goes_on_when_it_is_resumed() {
    String id = stack.execute("steered", "{}");
    stack.settle();
    Answer paused = post(id, "pause", "{\"reason\": \"look first\"}");
    assertThat(paused.status()).as(paused.body()).isEqualTo(202);
    assertThat(paused.json()).containsEntry("status", "paused");
    assertThat(post(id, "pause", "{}").code()).isEqualTo("not_pausable");
    assertThat(post(id, "signals/ready", "{\"n\": 7}").status()).isEqualTo(202);
    stack.settle();
    assertThat(execution(id)).containsEntry("status", "paused");
    assertThat(post(id, "resume", "{}").status()).isEqualTo(202);
    stack.settle();
    assertThat(execution(id)).containsEntry("status", "completed");
    for (String what : List.of("pause", "resume")) {
      Answer late = post(id, what, "{}");
      assertThat(late.status()).isEqualTo(409);
      assertThat(late.code()).isEqualTo("already_final");
    }
  }

  @Test
  void what_is_not_paused_cannot_be_resumed_and_nobody_else_may_steer_it() {
    String id = stack.execute("steered", "{}");
    stack.settle();
    Answer resumed = post(id, "resume", "{}");
    assertThat(resumed.status()).isEqualTo(409);
    assertThat(resumed.code()).isEqualTo("not_resumable");
    String path = "/executions/" + id + "/pause";
    assertThat(stack.call(stack.token("flow:read"), "POST", path, "{}").status()).isEqualTo(403);
    String other = stack.issuer.token("globex", "flow:admin");
    assertThat(stack.call(other, "POST", path, "{}").status()).isEqualTo(404);
    assertThat(execution(id)).containsEntry("status", "waiting");
  }

  @Test
  void a_used_up_budget_pauses_until_it_is_raised() {
    String id = stack.execute("spending", "{}");
    stack.settle();
    assertThat(execution(id)).containsEntry("status", "paused");
    assertThat(post(id, "resume", "{}").code()).isEqualTo("not_resumable");
    assertThat(post(id, "resume", "{\"budget\": {\"steps\": 0}}").status()).isEqualTo(400);
    assertThat(post(id, "resume", "{\"budget\": {\"stpes\": 5}}").code())
        .isEqualTo("unknown_field");
    assertThat(post(id, "resume", "{\"budget\": {\"steps\": 5}}").status()).isEqualTo(202);
    stack.settle();
    assertThat(execution(id)).containsEntry("status", "completed");
  }

  @Test
  void executions_are_found_by_their_attributes_newest_first_and_page_by_page() {
    String first = stack.execute("found", input("o-1", "gift"));
    String second = stack.execute("found", input("o-2", "gift"));
    String third = stack.execute("found", input("o-3", "loan"));
    stack.settle();
    assertThat(found("search.order=o-1")).containsExactly(first);
    assertThat(found("search.kind=gift")).containsExactly(second, first);
    assertThat(found("search.kind=gift&search.order=o-2")).containsExactly(second);
    assertThat(found("search.kind=loan&flow=found&status=completed")).containsExactly(third);
    assertThat(found("search.kind=loan&flow=steered")).isEmpty();
    assertThat(found("search.nothing=gift")).isEmpty();
    Answer page = stack.call(stack.admin(), "GET", "/executions?search.kind=gift&limit=1", null);
    assertThat((List<?>) page.json().get("items")).hasSize(1);
    assertThat(found("search.kind=gift&limit=1&cursor=" + page.json().get("next")))
        .containsExactly(first);
    String other = stack.issuer.token("globex", "flow:admin");
    Answer theirs = stack.call(other, "GET", "/executions?search.order=o-1", null);
    assertThat((List<?>) theirs.json().get("items")).isEmpty();
  }

  private static String input(String order, String kind) {
    return "{\"input\": {\"order\": \"%s\", \"kind\": \"%s\"}}".formatted(order, kind);
  }
}
