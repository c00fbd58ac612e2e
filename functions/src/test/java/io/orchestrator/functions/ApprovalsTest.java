package io.orchestrator.functions;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.functions.TestStack.Answer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** People who decide, by token and by link, through the functions. */
class ApprovalsTest {
  private static TestStack stack;
  private static String ann;
  private static String bob;
  private static String carl;

  @BeforeAll
  static void start() throws Exception {
    stack = new TestStack();
    ann = stack.issuer.token("acme", "ann", List.of("finance"), "flow:execute");
    bob = stack.issuer.token("acme", "bob", List.of("finance", "sales"), "flow:execute");
    carl = stack.issuer.token("acme", "carl", List.of(), "flow:execute");
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  private static Map<String, Object> execution(String id) {
    return stack.call(stack.admin(), "GET", "/executions/" + id, null).json();
  }

  private static String begun(String flow, String approve) {
    stack.publish(
        "flow: " + flow + "\nsteps:\n  - ask: {approve: {title: Pay, " + approve + "}}\n");
    String id = stack.execute(flow, "{}");
    stack.settle();
    assertThat(execution(id)).containsEntry("status", "waiting");
    return id;
  }

  private static List<Map<String, Object>> inbox(String token, String execution) {
    List<Map<String, Object>> mine = new ArrayList<>();
    String cursor = "";
    do {
      Map<String, Object> page =
          stack.call(token, "GET", "/approvals?limit=2" + cursor, null).json();
      for (Object item : (List<?>) page.get("items")) {
        if (execution.equals(Template.map(item).get("execution"))) {
          mine.add(Template.map(item));
        }
      }
      cursor = page.get("next") == null ? null : "&cursor=" + page.get("next");
    } while (cursor != null);
    return mine;
  }

  private static String approval(String token, String execution) {
    return (String) inbox(token, execution).getFirst().get("id");
  }

  /** A request to the function that serves approvals. */
  private static Answer http(String method, String token, String path, String body) {
    String[] parts = path.split("\\?", 2);
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("content-type", "application/json");
    if (token != null) {
      headers.put("authorization", "Bearer " + token);
    }
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("rawPath", parts[0]);
    event.put("rawQueryString", parts.length == 1 ? "" : parts[1]);
    event.put("headers", headers);
    event.put("body", body);
    event.put("isBase64Encoded", false);
    event.put(
        "requestContext",
        Map.of("requestId", "r1", "http", Map.of("method", method, "path", parts[0])));
    Map<String, Object> answer = TestStack.stream(stack.resume, event);
    return new Answer(
        ((Long) answer.get("statusCode")).intValue(), Map.of(), (String) answer.get("body"));
  }

  private static Answer decide(String token, String approval, String decision) {
    return http("POST", token, "/approvals/" + approval, "{\"decision\": \"" + decision + "\"}");
  }

  @Test
  void those_who_are_asked_find_it_and_one_of_them_decides() {
    String id = begun("one-decides", "to: [role:finance, user:dora]");
    assertThat(inbox(carl, id)).isEmpty();
    assertThat(inbox(ann, id))
        .singleElement()
        .satisfies(
            item ->
                assertThat(item)
                    .containsEntry("title", "Pay")
                    .containsEntry("step", "ask")
                    .containsEntry("options", List.of("approve", "reject")));
    String approval = approval(bob, id);
    assertThat(decide(carl, approval, "approve").status()).isEqualTo(404);
    assertThat(decide(null, approval, "approve").status()).isEqualTo(401);
    assertThat(decide(ann, approval, "aprove").status()).isEqualTo(400);
    assertThat(decide(ann, approval, "approve").status()).isEqualTo(200);
    stack.settle();
    assertThat(Template.map(execution(id).get("output")))
        .containsEntry("decision", "approve")
        .containsEntry("by", "ann");
    assertThat(decide(ann, approval, "approve").status()).isEqualTo(200);
    assertThat(decide(ann, approval, "reject").status()).isEqualTo(409);
    assertThat(decide(bob, approval, "approve").status()).isEqualTo(410);
    assertThat(inbox(ann, id)).isEmpty();
    String other = stack.issuer.token("umbrella", "ann", List.of("finance"), "flow:admin");
    assertThat(http("GET", other, "/approvals/" + approval, null).status()).isEqualTo(404);
  }

  @Test
  void a_quorum_needs_distinct_persons_and_a_race_gives_one_end() throws Exception {
    String id = begun("two-decide", "quorum: 2, to: role:finance");
    String approval = approval(ann, id);
    List<Integer> statuses = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Answer>> answers = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        answers.add(threads.submit(() -> decide(ann, approval, "approve")));
      }
      for (Future<Answer> answer : answers) {
        statuses.add(answer.get().status());
      }
    }
    assertThat(statuses).containsOnly(200);
    stack.settle();
    assertThat(execution(id)).containsEntry("status", "waiting");
    assertThat(inbox(bob, id).getFirst()).containsEntry("decided_by", List.of("ann"));
    assertThat(decide(bob, approval, "approve").status()).isEqualTo(200);
    stack.settle();
    assertThat((List<?>) Template.map(execution(id).get("output")).get("decisions")).hasSize(2);
  }

  @Test
  void a_form_is_checked_unless_it_is_a_rejection() {
    String id = begun("with-form", "form: {reason: string}");
    String approval = approval(carl, id);
    assertThat(decide(carl, approval, "approve").status()).isEqualTo(400);
    Answer wrong =
        http(
            "POST",
            carl,
            "/approvals/" + approval,
            "{\"decision\": \"approve\", \"form\": {\"reason\": 5}}");
    assertThat(wrong.status()).isEqualTo(400);
    assertThat(wrong.body()).contains("/form/reason");
    assertThat(decide(carl, approval, "reject").status()).isEqualTo(200);
    stack.settle();
    assertThat(Template.map(execution(id).get("output"))).containsEntry("decision", "reject");
  }

  @Test
  void a_link_shows_as_often_as_it_is_opened_and_decides_once() {
    stack.publish(
        "flow: mailer\ntriggers:\n  - event: {type: approval.requested,"
            + " filter: $event.data.flow == 'by-link', input: $event.data}\n"
            + "steps:\n  - set: {url: \"$input.links[0].url\"}\n");
    String id = begun("by-link", "to: user:dora");
    stack.settle();
    Map<String, Object> mailed =
        Template.map(
            ((List<?>)
                    stack
                        .call(stack.admin(), "GET", "/executions?flow=mailer", null)
                        .json()
                        .get("items"))
                .getFirst());
    String url =
        (String) Template.map(execution((String) mailed.get("id")).get("output")).get("url");
    String path = url.substring(url.indexOf("/approvals"));
    for (int i = 0; i < 3; i++) {
      Answer shown = http("GET", null, path, null);
      assertThat(shown.status()).as(shown.body()).isEqualTo(200);
      assertThat(shown.json()).containsEntry("title", "Pay").containsEntry("status", "open");
    }
    assertThat(http("GET", null, path + "x", null).status()).isEqualTo(404);
    Answer first = http("POST", null, path, "{\"decision\": \"approve\"}");
    assertThat(first.status()).as(first.body()).isEqualTo(200);
    stack.settle();
    assertThat(Template.map(execution(id).get("output"))).containsEntry("by", "dora");
    assertThat(http("POST", null, path, "{\"decision\": \"approve\"}").status()).isEqualTo(200);
    assertThat(http("POST", null, path, "{\"decision\": \"reject\"}").status()).isEqualTo(409);
    String token = path.substring(path.indexOf("link=") + 5);
    assertThat(stack.post(false, null, "/callbacks/" + token, "{}").status()).isEqualTo(404);
  }

  @Test
  void what_was_cancelled_is_gone() {
    String id = begun("cancelled-ask", "to: role:finance");
    String approval = approval(ann, id);
    stack.call(stack.admin(), "POST", "/executions/" + id + "/cancel", "{}");
    assertThat(decide(ann, approval, "approve").status()).isEqualTo(410);
    assertThat(inbox(ann, id)).isEmpty();
    assertThat(http("GET", ann, "/approvals/" + approval, null).json())
        .containsEntry("status", "closed");
  }

  @Test
  void a_decision_in_time_beats_the_timeout_and_silence_is_no_approval() {
    stack.publish("flow: silent\nsteps:\n  - ask: {approve: {title: Pay, timeout: 200ms}}\n");
    String id = stack.execute("silent", "{}");
    org.awaitility.Awaitility.await()
        .until(
            () -> {
              stack.settle();
              return execution(id).get("status").equals("failed");
            });
    assertThat(Template.map(execution(id).get("error"))).containsEntry("type", "timeout");
  }
}
