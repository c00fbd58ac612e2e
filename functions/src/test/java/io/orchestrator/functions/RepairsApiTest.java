package io.orchestrator.functions;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.functions.TestStack.Answer;
import io.orchestrator.testing.FoldsBack;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What operators order over HTTP, through the real functions. */
class RepairsApiTest {
  private static TestStack stack;

  @BeforeAll
  static void open() throws Exception {
    stack = new TestStack();
    stack.publish(
        "flow: fragile\nversion: 1.0.0\ninput: {n: integer}\nsearch: {n: $input.n}\nsteps:\n"
            + "  - first: {set: {seen: $input.n}}\n"
            + "  - check: {assert: $input.n > 10, message: \"order 17 has too few\"}\n"
            + "  - last: {set: {done: true}}\n");
    stack.publish(
        "flow: waits\nversion: 1.0.0\nsteps:\n  - q: {await: {callback: true, timeout: 1h}}\n"
            + "  - after: {set: {got: $q}}\n");
  }

  @AfterAll
  static void close() {
    FoldsBack.check(stack.database.owner());
    stack.close();
  }

  private static Answer post(String path, String body, String... headers) {
    return stack.call(stack.admin(), "POST", path, body, headers);
  }

  private static Answer get(String path, String... headers) {
    return stack.call(stack.admin(), "GET", path, null, headers);
  }

  private static String failed() {
    String id = stack.execute("fragile", "{\"input\": {\"n\": 1}}");
    stack.settle();
    assertThat(status(id)).isEqualTo("failed");
    return id;
  }

  private static String status(String id) {
    return (String) get("/executions/" + id).json().get("status");
  }

  @SuppressWarnings("unchecked") // a list of objects, as every list of the API
  private static List<Map<String, Object>> items(Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return (List<Map<String, Object>>) answer.json().get("items");
  }

  @Test
  void a_failed_execution_goes_on_with_edited_input() {
    String id = failed();

    Answer answer =
        post("/executions/" + id + "/retry", "{\"input\": {\"n\": 20}, \"reason\": \"typo\"}");

    assertThat(answer.status()).as(answer.body()).isEqualTo(202);
    assertThat(answer.headers()).containsEntry("location", "/executions/" + id);
    stack.settle();
    assertThat(status(id)).isEqualTo("completed");
    assertThat(get("/executions/" + id + "/history").body())
        .contains("execution_retried", "\"by\":\"");
    assertThat(post("/executions/" + id + "/retry", "{}").code()).isEqualTo("not_retryable");
  }

  @Test
  void a_retry_that_says_something_wrong_changes_nothing() {
    String id = failed();
    String path = "/executions/" + id + "/retry";
    assertThat(post(path, "{\"form\": \"check\"}").code()).isNotEmpty();
    assertThat(post(path, "{\"form\": \"check\"}").status()).isEqualTo(400);
    assertThat(post(path, "{\"from\": \"nope\"}").body()).contains("unknown_step", "/from");
    assertThat(post(path, "{\"input\": {\"n\": \"many\"}}").status()).isEqualTo(400);
    assertThat(post(path, "{\"outputs\": [1]}").status()).isEqualTo(400);
    assertThat(post(path, "{\"version\": \"9.9.9\"}").code()).isEqualTo("incompatible_version");
    assertThat(post("/executions/" + UUID.randomUUID() + "/retry", "{}").status()).isEqualTo(404);
    assertThat(stack.call(stack.token("flow:read"), "POST", path, "{}").status()).isEqualTo(403);
    assertThat(stack.call(stack.issuer.token("other", "flow:admin"), "POST", path, "{}").status())
        .isEqualTo(404);
    assertThat(status(id)).isEqualTo("failed");
  }

  @Test
  void it_goes_on_by_a_version_that_fits_and_not_by_one_that_does_not() {
    stack.publish(
        "flow: moving\n"
            + "version: 1.0.0\n"
            + "steps:\n"
            + "  - w: {await: {callback: true, timeout: 1h}}\n"
            + "  - end: {raise: {type: odd, message: no}}\n");
    String id = stack.execute("moving", "{}");
    stack.settle();
    assertThat(post("/executions/" + id + "/steps/w/fail", "{}").status()).isEqualTo(202);
    stack.settle();
    assertThat(status(id)).isEqualTo("failed");
    Answer two =
        stack.call(
            stack.admin(),
            "PUT",
            "/flows/moving",
            "flow: moving\nversion: 2.0.0\nsteps:\n  - x: {set: {a: 1}}\n",
            "content-type",
            "application/yaml",
            "if-match",
            "*");
    assertThat(two.status()).as(two.body()).isLessThan(300);
    stack.call(
        stack.admin(),
        "PUT",
        "/flows/moving",
        "flow: moving\n"
            + "version: 3.0.0\n"
            + "steps:\n"
            + "  - w: {await: {callback: true, timeout: 1h}}\n"
            + "  - end: {set: {a: 1}}\n",
        "content-type",
        "application/yaml",
        "if-match",
        "*");
    Answer refused = post("/executions/" + id + "/retry", "{\"version\": \"2.0.0\"}");
    assertThat(refused.code()).isEqualTo("incompatible_version");
    assertThat(refused.body()).contains("step w");

    Answer moved =
        post("/executions/" + id + "/retry", "{\"version\": \"3.0.0\", \"outputs\": {\"w\": 5}}");

    assertThat(moved.status()).as(moved.body()).isEqualTo(202);
    stack.settle();
    Map<String, Object> shown = get("/executions/" + id).json();
    assertThat(shown.get("status")).isEqualTo("completed");
    assertThat(shown.get("version")).isEqualTo("3.0.0");
    assertThat(items(get("/executions?flow=moving&version=3.0.0"))).hasSize(1);
    assertThat(items(get("/executions?flow=moving&version=1.0.0"))).isEmpty();
  }

  @Test
  void a_rerun_is_a_new_execution_that_says_of_which() {
    String id = failed();
    Answer answer =
        post(
            "/executions/" + id + "/rerun",
            "{\"input\": {\"n\": 30}}",
            "idempotency-key",
            "rerun-1");
    assertThat(answer.status()).as(answer.body()).isEqualTo(202);
    String again = (String) answer.json().get("id");
    assertThat(again).isNotEqualTo(id);
    assertThat(answer.json().get("rerun_of")).isEqualTo(id);
    stack.settle();
    assertThat(get("/executions/" + again).json())
        .containsEntry("status", "completed")
        .containsEntry("rerun_of", id);
    assertThat(
            post(
                    "/executions/" + id + "/rerun",
                    "{\"input\": {\"n\": 30}}",
                    "idempotency-key",
                    "rerun-1")
                .json()
                .get("id"))
        .isEqualTo(again);
    assertThat(status(id)).isEqualTo("failed");
    assertThat(post("/executions/" + id + "/rerun", "{\"input\": {\"n\": \"x\"}}").status())
        .isEqualTo(400);
  }

  @Test
  void a_waiting_step_is_completed_failed_or_skipped() {
    String one = waiting();
    assertThat(
            post("/executions/" + one + "/steps/q/complete", "{\"output\": {\"a\": 1}}").status())
        .isEqualTo(202);
    stack.settle();
    assertThat(status(one)).isEqualTo("completed");
    assertThat(get("/executions/" + one).body()).contains("{\"a\":1}");

    String two = waiting();
    Answer failed =
        post("/executions/" + two + "/steps/q/fail", "{\"type\": \"gone\", \"message\": \"left\"}");
    assertThat(failed.status()).as(failed.body()).isEqualTo(202);
    stack.settle();
    assertThat(get("/executions/" + two).body()).contains("\"type\":\"gone\"", "left");

    String three = waiting();
    assertThat(post("/executions/" + three + "/steps/q/skip", "").status()).isEqualTo(202);
    stack.settle();
    assertThat(status(three)).isEqualTo("completed");
    assertThat(post("/executions/" + three + "/steps/q/skip", "").code()).isEqualTo("not_waiting");
    assertThat(post("/executions/" + three + "/steps/zz/skip", "").status()).isEqualTo(404);
  }

  private static String waiting() {
    String id = stack.execute("waits", "{}");
    stack.settle();
    assertThat(status(id)).isEqualTo("waiting");
    return id;
  }

  @Test
  void a_rollback_restores_a_state_by_step_or_revision() {
    String id = waiting();
    post("/executions/" + id + "/steps/q/complete", "{\"output\": 1}");
    stack.settle();
    assertThat(status(id)).isEqualTo("completed");

    Answer answer = post("/executions/" + id + "/rollback", "{\"to\": \"q\"}");

    assertThat(answer.status()).as(answer.body()).isEqualTo(202);
    stack.settle();
    assertThat(status(id)).isEqualTo("waiting");
    assertThat(post("/executions/" + id + "/rollback", "{\"revision\": 999}").code())
        .isEqualTo("no_such_state");
    assertThat(post("/executions/" + id + "/rollback", "{}").status()).isEqualTo(400);
    assertThat(post("/executions/" + id + "/rollback", "{\"to\": \"q\", \"revision\": 1}").status())
        .isEqualTo(400);
    assertThat(post("/executions/" + id + "/rollback", "{\"revision\": 2}").status())
        .isEqualTo(202);
    post("/executions/" + id + "/cancel", "{}");
  }

  @Test
  void polling_with_the_etag_costs_nothing_until_something_happens() {
    String id = waiting();
    String etag = get("/executions/" + id).headers().get("etag");
    Answer same = get("/executions/" + id, "if-none-match", etag);
    assertThat(same.status()).isEqualTo(304);
    assertThat(same.body()).isEmpty();
    assertThat(same.headers()).containsEntry("etag", etag);
    post("/executions/" + id + "/steps/q/complete", "{}");
    assertThat(get("/executions/" + id, "if-none-match", etag).status()).isEqualTo(200);
  }

  @Test
  void the_history_is_followed_as_events() {
    String id = waiting();
    Answer first = get("/executions/" + id + "/events");
    assertThat(first.status()).isEqualTo(200);
    assertThat(first.headers()).containsEntry("content-type", "text/event-stream");
    assertThat(first.body())
        .contains("id: 1\nevent: execution_started\ndata: {\"revision\":1,", "id: 2\nevent: ");
    Answer nothing = get("/executions/" + id + "/events?wait=50ms", "last-event-id", "2");
    assertThat(nothing.body()).contains(": nothing yet").doesNotContain("id: ");
    post("/executions/" + id + "/steps/q/complete", "{}");
    stack.settle();
    Answer rest = get("/executions/" + id + "/events", "last-event-id", "2");
    assertThat(rest.body()).contains("event: execution_completed").doesNotContain("id: 2\n");
    String last = rest.body().replaceAll("(?s).*\nid: (\\d+)\n.*", "$1");
    assertThat(get("/executions/" + id + "/events", "last-event-id", last).status()).isEqualTo(204);
  }

  @Test
  void failures_are_grouped_by_what_they_have_in_common() {
    String flow =
        stack.publish(
            "flow: grouped\nversion: 1.0.0\ninput: {n: integer}\nsteps:\n"
                + "  - check: {assert: $input.n > 10, message: \"order ${$input.n} has too few\"}\n"
                + "  - other: {raise: {type: odd, message: unlucky}}\n");
    for (int n : List.of(1, 2, 3, 20)) {
      stack.execute(flow, "{\"input\": {\"n\": " + n + "}}");
    }
    stack.settle();

    List<Map<String, Object>> groups = items(get("/executions/failures?flow=grouped"));

    assertThat(groups).hasSize(2);
    assertThat(groups.getFirst())
        .containsEntry("count", 3L)
        .containsEntry("step", "check")
        .containsEntry("type", "assertion")
        .containsEntry("versions", List.of("1.0.0"));
    assertThat((List<?>) groups.getFirst().get("executions")).hasSize(3);
    assertThat(groups.get(1)).containsEntry("type", "odd").containsEntry("count", 1L);
    Answer page = get("/executions/failures?flow=grouped&limit=1");
    assertThat(items(page)).hasSize(1);
    assertThat(
            items(
                get("/executions/failures?flow=grouped&limit=1&cursor=" + page.json().get("next"))))
        .extracting(group -> group.get("type"))
        .containsExactly("odd");
    // One that goes on is no failure any more.
    String id = (String) ((List<?>) groups.getFirst().get("executions")).getFirst();
    post("/executions/" + id + "/retry", "{\"input\": {\"n\": 50}, \"outputs\": {\"other\": 1}}");
    stack.settle();
    assertThat(items(get("/executions/failures?flow=grouped")).getFirst())
        .containsEntry("count", 2L);
    assertThat(
            stack.call(stack.token("flow:read:other"), "GET", "/executions/failures", null).body())
        .contains("\"items\":[]");
  }

  @Test
  void executions_are_found_by_status_and_version() {
    String id = waiting();
    String failed = failed();
    assertThat(items(get("/executions?flow=waits&status=waiting")))
        .extracting(item -> item.get("id"))
        .contains(id)
        .doesNotContain(failed);
    assertThat(items(get("/executions?status=failed,waiting&limit=100")))
        .extracting(item -> item.get("id"))
        .contains(id, failed)
        .isSortedAccordingTo((a, b) -> ((String) b).compareTo((String) a));
    post("/executions/" + id + "/pause", "{}");
    assertThat(items(get("/executions?status=paused&version=1.0.0")))
        .extracting(item -> item.get("id"))
        .contains(id);
    assertThat(items(get("/executions?status=paused&version=2.0.0"))).isEmpty();
    post("/executions/" + id + "/resume", "{}");
    assertThat(items(get("/executions?status=paused")))
        .extracting(item -> item.get("id"))
        .doesNotContain(id);
    post("/executions/" + id + "/cancel", "{}");
    assertThat(items(get("/executions?status=cancelled&flow=waits")))
        .extracting(item -> item.get("id"))
        .contains(id);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "retry | {\"outputs\": null} | /outputs",
        "retry | {\"from\": null} | /from",
        "rollback | {\"revision\": null} | /revision",
        "rollback | {\"to\": \"check\", \"revision\": null} | /revision",
        "resume | {\"budget\": {\"steps\": null}} | /budget/steps",
        "resume | {\"budget\": {\"cost\": null}} | /budget/cost",
        "resume | {\"budget\": {\"cost\": 0}} | /budget/cost"
      })
  void what_is_there_and_null_is_no_more_than_wrong(String verb, String body, String pointer) {
    String id = failed();
    Answer answer = post("/executions/" + id + "/" + verb, body);
    assertThat(answer.status()).as(answer.body()).isEqualTo(400);
    assertThat(answer.body()).contains("\"path\":\"" + pointer + "\"");
    assertThat(status(id)).isEqualTo("failed");
  }
}
