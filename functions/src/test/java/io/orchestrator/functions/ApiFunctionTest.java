package io.orchestrator.functions;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.functions.TestStack.Answer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The API as a client sees it. */
class ApiFunctionTest {
  private static TestStack stack;

  @BeforeAll
  static void start() throws Exception {
    stack = new TestStack();
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  private static String echo(String name) {
    return "flow: "
        + name
        + "\nsteps:\n  - say: {adapter: sandbox, action: echo, params: {text: $input.text}}\n";
  }

  private static Answer yaml(String method, String path, String text, String... headers) {
    List<String> all = new ArrayList<>(List.of("content-type", "application/yaml"));
    all.addAll(Arrays.asList(headers));
    return stack.call(stack.admin(), method, path, text, all.toArray(String[]::new));
  }

  private static void isProblem(Answer answer, int status, String code) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers()).containsEntry("content-type", "application/problem+json");
    assertThat(answer.json())
        .containsKeys("type", "title", "status", "detail", "code", "errors")
        .containsEntry("status", (long) status)
        .containsEntry("code", code);
    assertThat(answer.body()).doesNotContain("io.orchestrator", "Exception", "select ", "jdbc");
  }

  @SuppressWarnings("unchecked") // a list of objects, by the API's own shape
  private static List<Map<String, Object>> list(Answer answer, String name) {
    return (List<Map<String, Object>>) answer.json().get(name);
  }

  // -- who may come in

  static Stream<Route> guarded() {
    return Arrays.stream(Route.values()).filter(route -> route.permission() != null);
  }

  private static String path(Route route) {
    return route
        .template()
        .replace("{flow}", "any")
        .replace("{name}", "any")
        .replace("{id}", UUID.randomUUID().toString());
  }

  @ParameterizedTest
  @MethodSource("guarded")
  void permission_is_looked_at_before_size_and_size_before_the_text(Route route) {
    String large = "x".repeat(300_000);
    isProblem(stack.call(null, route.method(), path(route), large), 401, "unauthorized");
    isProblem(
        stack.call(stack.token("flow:none"), route.method(), path(route), large), 403, "forbidden");
    isProblem(stack.call(stack.admin(), route.method(), path(route), large), 413, "too_large");
  }

  @Test
  void a_permission_for_some_flows_is_none_for_others() {
    stack.publish(echo("perm-one"));
    stack.publish(echo("other-one"));
    String some = stack.token("flow:read:perm-*", "flow:execute:perm-*", "flow:create:perm-*");
    assertThat(stack.call(some, "GET", "/flows/perm-one", null).status()).isEqualTo(200);
    isProblem(stack.call(some, "GET", "/flows/other-one", null), 403, "forbidden");
    isProblem(
        stack.call(some, "POST", "/flows", echo("other-two"), "content-type", "application/yaml"),
        403,
        "forbidden");
    assertThat(
            stack
                .call(some, "POST", "/flows", echo("perm-two"), "content-type", "application/yaml")
                .status())
        .isEqualTo(201);
    assertThat(list(stack.call(some, "GET", "/flows?limit=100", null), "items"))
        .extracting(item -> item.get("flow"))
        .contains("perm-one", "perm-two")
        .allMatch(name -> name.toString().startsWith("perm-"));
    String id = stack.execute("other-one", "{}");
    isProblem(stack.call(some, "GET", "/executions/" + id, null), 403, "forbidden");
  }

  @Test
  void what_is_another_tenants_is_not_there() {
    String flow = stack.publish(echo("mine"));
    String id = stack.execute(flow, "{\"input\": {\"text\": \"secret\"}}");
    String other = stack.issuer.token("globex", "flow:admin");
    isProblem(stack.call(other, "GET", "/flows/mine", null), 404, "not_found");
    isProblem(stack.call(other, "POST", "/flows/mine/execute", "{}"), 404, "not_found");
    isProblem(stack.call(other, "GET", "/executions/" + id, null), 404, "not_found");
    isProblem(stack.call(other, "GET", "/executions/" + id + "/history", null), 404, "not_found");
    isProblem(stack.call(other, "POST", "/executions/" + id + "/cancel", null), 404, "not_found");
    assertThat(list(stack.call(other, "GET", "/executions", null), "items")).isEmpty();
    assertThat(list(stack.call(other, "GET", "/flows", null), "items")).isEmpty();
  }

  @Test
  void an_unknown_path_is_404_and_an_unknown_method_405() {
    isProblem(stack.call(stack.admin(), "GET", "/nowhere", null), 404, "not_found");
    Answer answer = stack.call(stack.admin(), "DELETE", "/flows", null);
    isProblem(answer, 405, "method_not_allowed");
    assertThat(answer.headers()).containsEntry("allow", "POST, GET");
  }

  @Test
  void the_trace_of_the_client_is_given_back_and_one_begins_without() {
    String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    assertThat(stack.call(null, "GET", "/health", null, "traceparent", trace).headers())
        .containsEntry("traceparent", trace);
    assertThat(
            stack
                .call(null, "GET", "/health", null, "traceparent", "x")
                .headers()
                .get("traceparent"))
        .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
  }

  @Test
  void health_needs_no_token() {
    Answer answer = stack.call(null, "GET", "/health", null);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json())
        .containsEntry("status", "ok")
        .containsEntry("database", "up")
        .containsEntry("cache", "none");
  }

  // -- publishing

  @Test
  void a_new_flow_is_published() {
    Answer answer = yaml("POST", "/flows", echo("first"));
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    assertThat(answer.headers())
        .containsEntry("location", "/flows/first")
        .containsEntry("etag", "\"1\"");
    assertThat(answer.json())
        .containsEntry("flow", "first")
        .containsEntry("version", "1.0.0")
        .containsKeys("hash", "warnings");
    Answer got = stack.call(stack.token("flow:read"), "GET", "/flows/first", null);
    assertThat(got.json())
        .containsEntry("version", "1.0.0")
        .containsEntry("source", echo("first"))
        .containsEntry("route", mapOf("stable", "1.0.0", "canary", null))
        .containsEntry("draft", null);
    Answer text =
        stack.call(stack.admin(), "GET", "/flows/first", null, "accept", "application/yaml");
    assertThat(text.body()).isEqualTo(echo("first"));
    assertThat(text.headers())
        .containsEntry("content-type", "application/yaml")
        .containsEntry("etag", "\"1\"");
  }

  private static Map<String, Object> mapOf(Object... pairs) {
    Map<String, Object> map = new java.util.LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put((String) pairs[i], pairs[i + 1]);
    }
    return map;
  }

  @Test
  void json_and_yaml_of_one_flow_are_the_same_version() {
    String json =
        "{\"flow\":\"same-tree\",\"steps\":[{\"say\":{\"adapter\":\"sandbox\",\"action\":\"echo\",\"params\":{\"text\":\"$input.text\"}}}]}";
    assertThat(stack.call(stack.admin(), "POST", "/flows", json).status()).isEqualTo(201);
    Answer again = yaml("PUT", "/flows/same-tree", echo("same-tree"), "if-match", "\"1\"");
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.json()).containsEntry("version", "1.0.0");
    assertThat(again.headers()).containsEntry("etag", "\"1\"");
  }

  @Test
  void a_taken_name_is_a_conflict_unless_the_same_request_comes_again() {
    Answer first = yaml("POST", "/flows", echo("taken"), "idempotency-key", "k1");
    Answer again = yaml("POST", "/flows", echo("taken"), "idempotency-key", "k1");
    assertThat(again.status()).isEqualTo(201);
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(again.headers().get("etag")).isEqualTo(first.headers().get("etag"));
    assertThat(again.headers().get("location")).isEqualTo(first.headers().get("location"));
    isProblem(yaml("POST", "/flows", echo("taken")), 409, "name_taken");
  }

  @Test
  void a_publication_is_answered_alike_for_the_same_key_whatever_happened_since() {
    Answer first = yaml("POST", "/flows", echo("keyed-flow"), "idempotency-key", "k2");
    assertThat(first.status()).isEqualTo(201);
    String next = echo("keyed-flow") + "  - more: {set: {a: 1}}\n";
    assertThat(yaml("PUT", "/flows/keyed-flow", next, "if-match", "*").status()).isEqualTo(200);

    Answer again = yaml("POST", "/flows", echo("keyed-flow"), "idempotency-key", "k2");

    assertThat(again.status()).isEqualTo(201);
    assertThat(again.body()).isEqualTo(first.body());
    isProblem(
        yaml("POST", "/flows", echo("another-flow"), "idempotency-key", "k2"),
        422,
        "idempotency_key_reused");
    assertThat(stack.call(stack.admin(), "GET", "/flows/another-flow", null).status())
        .isEqualTo(404);
    isProblem(
        yaml("POST", "/flows?draft=true", echo("keyed-flow"), "idempotency-key", "k2"),
        422,
        "idempotency_key_reused");
  }

  @Test
  void what_is_quarantined_is_shown_and_left_alone() throws SQLException {
    stack.publish("flow: damaged\nsteps:\n  - q: {await: {callback: true}}\n");
    String id = stack.execute("damaged", "{}");
    stack.settle();
    try (Connection connection = stack.database.owner().getConnection();
        PreparedStatement damage =
            connection.prepareStatement("update executions set state = '{}' where id = ?::uuid")) {
      damage.setString(1, id);
      damage.executeUpdate();
    }
    stack.spoilt.add(UUID.fromString(id));

    Answer cancel = stack.call(stack.admin(), "POST", "/executions/" + id + "/cancel", "{}");

    isProblem(cancel, 503, "quarantined");
    Answer shown = stack.call(stack.admin(), "GET", "/executions/" + id, null);
    assertThat(shown.status()).isEqualTo(200);
    assertThat(shown.json()).containsEntry("status", "quarantined");
    assertThat(stack.call(stack.admin(), "GET", "/executions?status=quarantined", null).body())
        .contains(id);
    isProblem(
        stack.call(stack.admin(), "POST", "/executions/" + id + "/cancel", "{}"),
        503,
        "quarantined");
  }

  @Test
  void a_change_needs_the_revision_that_it_follows() {
    stack.publish(echo("changing"));
    String next = echo("changing") + "  - more: {set: {a: 1}}\n";
    Answer unconditional = yaml("PUT", "/flows/changing", next);
    isProblem(unconditional, 428, "precondition_required");
    assertThat(unconditional.headers()).containsEntry("etag", "\"1\"");
    isProblem(
        yaml("PUT", "/flows/changing", next, "if-match", "\"7\""), 412, "precondition_failed");
    Answer changed = yaml("PUT", "/flows/changing", next, "if-match", "\"1\"");
    assertThat(changed.status()).isEqualTo(200);
    assertThat(changed.json()).containsEntry("version", "1.0.1");
    isProblem(
        yaml("PUT", "/flows/changing", next, "if-match", "\"1\""), 412, "precondition_failed");
    assertThat(yaml("PUT", "/flows/changing", next, "if-match", "*").status()).isEqualTo(200);
  }

  @Test
  void the_first_put_of_a_flow_makes_it() {
    Answer made = yaml("PUT", "/flows/made-by-put", echo("made-by-put"));
    assertThat(made.status()).isEqualTo(201);
    isProblem(
        yaml("PUT", "/flows/made-by-put", echo("another"), "if-match", "*"), 400, "name_mismatch");
  }

  @Test
  void a_version_that_is_not_above_the_latest_is_a_conflict() {
    stack.publish("version: 2.0.0\n" + echo("versions"));
    isProblem(
        yaml("PUT", "/flows/versions", "version: 1.9.9\n" + echo("versions"), "if-match", "*"),
        409,
        "version_not_above");
    Answer next =
        yaml("PUT", "/flows/versions", "version: 2.1.0\n" + echo("versions"), "if-match", "*");
    assertThat(next.json()).containsEntry("version", "2.1.0");
  }

  @Test
  void a_version_that_is_not_activated_is_not_what_starts_take() {
    stack.publish(echo("waiting-version"));
    yaml(
        "PUT",
        "/flows/waiting-version?activate=false",
        echo("waiting-version") + "title: Two\n",
        "if-match",
        "*");
    Answer got = stack.call(stack.admin(), "GET", "/flows/waiting-version", null);
    assertThat(got.json()).containsEntry("version", "1.0.0").containsEntry("latest", "1.0.1");
  }

  @Test
  void a_draft_may_be_wrong_but_cannot_be_started() {
    Answer kept = yaml("POST", "/flows?draft=true", "flow: drafty\nsteps:\n  - nonsense_step\n");
    assertThat(kept.status()).as(kept.body()).isEqualTo(201);
    assertThat(kept.json()).containsEntry("draft", true);
    assertThat(list(kept, "errors")).isNotEmpty();
    assertThat(stack.call(stack.admin(), "GET", "/flows/drafty", null).json().get("draft"))
        .asString()
        .contains("nonsense_step");
    isProblem(stack.call(stack.admin(), "POST", "/flows/drafty/execute", "{}"), 404, "not_found");
  }

  @Test
  void what_is_wrong_with_a_text_is_all_told_with_its_place() {
    Answer answer = yaml("POST", "/flows", "flow: broken\ntilte: x\nsteps:\n  - no_such_adapter\n");
    isProblem(answer, 400, "invalid");
    assertThat(list(answer, "errors"))
        .hasSizeGreaterThan(1)
        .allSatisfy(
            error ->
                assertThat(error).containsKeys("code", "path", "line", "column", "message", "hint"))
        .anySatisfy(
            error ->
                assertThat(error)
                    .containsEntry("line", 2L)
                    .containsEntry("hint", "did you mean 'title'?"));
    isProblem(stack.call(stack.admin(), "GET", "/flows/broken", null), 404, "not_found");
  }

  @Test
  void validation_answers_200_for_any_text_and_keeps_nothing() {
    long before = stack.count("flows");
    for (String text :
        List.of(": : :", "", "flow: x", "\u0000", "[1, 2", "\"a\\0b\": 1", "\"\\uD800\": 1")) {
      Answer answer = yaml("POST", "/flows/validate", text);
      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
      assertThat(answer.json())
          .containsEntry("valid", false)
          .containsKeys("errors", "warnings", "graph");
    }
    assertThat(yaml("POST", "/flows/validate", echo("never")).json()).containsEntry("valid", true);
    assertThat(stack.count("flows")).isEqualTo(before);
  }

  @Test
  void fifty_one_steps_are_too_many() {
    StringBuilder text = new StringBuilder("flow: long\nsteps:\n");
    for (int i = 0; i < 51; i++) {
      text.append("  - s").append(i).append(": {set: {a: 1}}\n");
    }
    isProblem(yaml("POST", "/flows", text.toString()), 400, "too_many_steps");
  }

  @Test
  void flows_are_found_by_text_and_category_page_by_page() {
    for (String name : List.of("find-a", "find-b", "find-c")) {
      stack.publish("title: Findable thing\ncategory: zoo\ntags: [x1]\n" + echo(name));
    }
    Answer first =
        stack.call(stack.admin(), "GET", "/flows?q=findable&category=zoo&tag=x1&limit=2", null);
    assertThat(list(first, "items"))
        .extracting(item -> item.get("flow"))
        .containsExactly("find-a", "find-b");
    Answer second =
        stack.call(
            stack.admin(),
            "GET",
            "/flows?q=findable&category=zoo&tag=x1&limit=2&cursor=" + first.json().get("next"),
            null);
    assertThat(list(second, "items"))
        .extracting(item -> item.get("flow"))
        .containsExactly("find-c");
    assertThat(second.json()).containsEntry("next", null);
  }

  // -- running

  @Test
  void an_execution_runs_to_its_end() {
    String flow = stack.publish(echo("runs"));
    Answer started =
        stack.call(
            stack.token("flow:execute"),
            "POST",
            "/flows/runs/execute",
            "{\"input\": {\"text\": \"hello\"}}");
    assertThat(started.status()).as(started.body()).isEqualTo(202);
    assertThat(started.json())
        .containsEntry("flow", flow)
        .containsEntry("version", "1.0.0")
        .containsEntry("status", "queued");
    String id = (String) started.json().get("id");
    assertThat(started.headers()).containsEntry("location", "/executions/" + id);
    stack.settle();
    Answer ended = stack.call(stack.token("flow:read"), "GET", "/executions/" + id, null);
    assertThat(ended.json())
        .containsEntry("id", id)
        .containsEntry("status", "completed")
        .containsEntry("output", Map.of("text", "hello"))
        .containsEntry("error", null)
        .containsEntry("handled", false)
        .containsEntry("waiting_for", List.of())
        .containsKeys("started_at", "ended_at");
    assertThat(list(ended, "steps"))
        .singleElement()
        .satisfies(
            step ->
                assertThat(step)
                    .containsEntry("id", "say")
                    .containsEntry("path", "say")
                    .containsEntry("status", "completed")
                    .containsEntry("attempts", 1L)
                    .containsEntry("adapter", "sandbox")
                    .containsEntry("output", Map.of("text", "hello"))
                    .containsKeys("duration_ms", "started_at", "error"));
    Answer history =
        stack.call(stack.token("flow:read"), "GET", "/executions/" + id + "/history", null);
    assertThat(list(history, "items")).extracting(line -> line.get("revision")).startsWith(1L, 2L);
    assertThat(list(history, "items"))
        .extracting(line -> line.get("event"))
        .contains("execution_started", "step_completed", "execution_completed");
    Answer paged =
        stack.call(stack.token("flow:read"), "GET", "/executions/" + id + "/history?limit=1", null);
    assertThat(paged.json().get("next")).isNotNull();
  }

  @Test
  void executions_are_listed_newest_first() {
    String flow = stack.publish(echo("listed"));
    List<String> ids =
        List.of(stack.execute(flow, "{}"), stack.execute(flow, "{}"), stack.execute(flow, "{}"));
    Answer first =
        stack.call(
            stack.admin(),
            "GET",
            "/executions?flow=listed&status=queued,running,completed,failed&limit=2",
            null);
    assertThat(list(first, "items"))
        .extracting(item -> item.get("id"))
        .containsExactly(ids.get(2), ids.get(1));
    Answer second =
        stack.call(
            stack.admin(),
            "GET",
            "/executions?flow=listed&limit=2&cursor=" + first.json().get("next"),
            null);
    assertThat(list(second, "items"))
        .extracting(item -> item.get("id"))
        .containsExactly(ids.get(0));
    assertThat(
            list(
                stack.call(
                    stack.admin(), "GET", "/executions?flow=listed&to=2020-01-01T00:00:00Z", null),
                "items"))
        .isEmpty();
  }

  @Test
  void the_same_key_starts_once_and_another_request_under_it_is_refused() {
    stack.publish(echo("keyed"));
    String body = "{\"input\": {\"text\": \"a\", \"n\": 1}}";
    Answer first =
        stack.call(
            stack.admin(), "POST", "/flows/keyed/execute", body, "idempotency-key", "order-1");
    Answer again =
        stack.call(
            stack.admin(),
            "POST",
            "/flows/keyed/execute",
            "{\"input\":{\"n\":1.0,\"text\":\"a\"}}",
            "idempotency-key",
            "order-1");
    assertThat(again.status()).isEqualTo(202);
    assertThat(again.json().get("id")).isEqualTo(first.json().get("id"));
    assertThat(again.headers().get("location")).isEqualTo(first.headers().get("location"));
    isProblem(
        stack.call(
            stack.admin(), "POST", "/flows/keyed/execute", "{}", "idempotency-key", "order-1"),
        422,
        "idempotency_key_reused");
    for (String bad : List.of("x".repeat(201), "ä", "a\tb")) {
      isProblem(
          stack.call(stack.admin(), "POST", "/flows/keyed/execute", body, "idempotency-key", bad),
          400,
          "bad_idempotency_key");
    }
  }

  @Test
  void a_waiting_call_gets_the_end_if_it_comes_in_time_and_408_if_not() throws Exception {
    stack.publish("flow: patient\nsteps:\n  - wait: 1h\n");
    Answer late = stack.call(stack.admin(), "POST", "/flows/patient/execute?wait=50ms", "{}");
    isProblem(late, 408, "timeout");
    assertThat(late.headers().get("location")).startsWith("/executions/");
    assertThat(Template.map(late.json().get("execution"))).containsKeys("id", "status");
    stack.publish(echo("quick"));
    Thread runner =
        Thread.ofVirtual()
            .start(
                () -> {
                  while (!Thread.currentThread().isInterrupted()) {
                    stack.settle();
                  }
                });
    try {
      Answer done =
          stack.call(
              stack.admin(),
              "POST",
              "/flows/quick/execute?wait=20s",
              "{\"input\": {\"text\": \"x\"}}");
      assertThat(done.status()).as(done.body()).isEqualTo(200);
      assertThat(done.json())
          .containsEntry("status", "completed")
          .containsEntry("output", Map.of("text", "x"));
    } finally {
      runner.interrupt();
      runner.join();
    }
    isProblem(
        stack.call(stack.admin(), "POST", "/flows/quick/execute?wait=26s", "{}"),
        400,
        "bad_parameter");
  }

  @Test
  void an_execution_is_cancelled_once() {
    String id = stack.execute(stack.publish("flow: cancelled-one\nsteps:\n  - wait: 1h\n"), "{}");
    Answer cancelled =
        stack.call(
            stack.token("flow:execute"),
            "POST",
            "/executions/" + id + "/cancel",
            "{\"reason\": \"mistake\"}");
    assertThat(cancelled.status()).isEqualTo(202);
    assertThat(cancelled.json()).containsEntry("status", "cancelled");
    assertThat(stack.call(stack.admin(), "GET", "/executions/" + id, null).json())
        .containsEntry("status", "cancelled")
        .containsEntry("reason", "mistake");
    isProblem(
        stack.call(stack.token("flow:execute"), "POST", "/executions/" + id + "/cancel", null),
        409,
        "already_final");
  }

  @Test
  void an_input_must_fit_the_flow() {
    stack.publish(
        "flow: typed\ninput: {text: string, n?: integer}\nsteps:\n  - x: {set: {a: 1}}\n");
    Answer answer =
        stack.call(stack.admin(), "POST", "/flows/typed/execute", "{\"input\": {\"n\": \"one\"}}");
    isProblem(answer, 400, "invalid");
    assertThat(list(answer, "errors"))
        .hasSize(2)
        .allMatch(error -> error.get("path").toString().startsWith("/input"));
    assertThat(
            stack
                .call(
                    stack.admin(),
                    "POST",
                    "/flows/typed/execute",
                    "{\"input\": {\"text\": \"a\", \"n\": 2}}")
                .status())
        .isEqualTo(202);
  }

  // -- bad requests

  @Test
  void broken_json_is_told_with_line_and_column() {
    stack.publish(echo("bad-json"));
    long before = stack.count("executions");
    Answer answer =
        stack.call(stack.admin(), "POST", "/flows/bad-json/execute", "{\n  \"input\": nope\n}");
    isProblem(answer, 400, "syntax");
    assertThat(list(answer, "errors"))
        .singleElement()
        .satisfies(error -> assertThat(error).containsEntry("line", 2L));
    isProblem(
        stack.call(
            stack.admin(), "POST", "/flows/bad-json/execute", "{\"input\": {\"a\": 1, \"a\": 2}}"),
        400,
        "syntax");
    isProblem(
        stack.call(stack.admin(), "POST", "/flows/bad-json/execute", "[]"), 400, "wrong_type");
    Answer unknown =
        stack.call(stack.admin(), "POST", "/flows/bad-json/execute", "{\"inptu\": {}}");
    isProblem(unknown, 400, "unknown_field");
    assertThat(list(unknown, "errors"))
        .singleElement()
        .satisfies(
            error ->
                assertThat(error)
                    .containsEntry("hint", "did you mean 'input'?")
                    .containsEntry("path", "/inptu"));
    assertThat(stack.count("executions")).isEqualTo(before);
  }

  @Test
  void an_unknown_query_parameter_is_refused() {
    Answer answer = stack.call(stack.admin(), "GET", "/flows?catgory=x", null);
    isProblem(answer, 400, "unknown_parameter");
    assertThat(list(answer, "errors"))
        .singleElement()
        .satisfies(error -> assertThat(error).containsEntry("hint", "did you mean 'category'?"));
    isProblem(stack.call(stack.admin(), "GET", "/flows?limit=101", null), 400, "bad_parameter");
    isProblem(
        stack.call(stack.admin(), "GET", "/flows?limit=1&limit=2", null),
        400,
        "duplicate_parameter");
    isProblem(
        stack.call(stack.admin(), "GET", "/executions?status=runing", null), 400, "bad_parameter");
    isProblem(
        stack.call(stack.admin(), "GET", "/executions?from=yesterday", null), 400, "bad_parameter");
    isProblem(
        stack.call(stack.admin(), "GET", "/executions?cursor=%2F%2F", null), 400, "bad_parameter");
    isProblem(
        stack.call(stack.admin(), "GET", "/flows?q=" + "x".repeat(201), null),
        400,
        "bad_parameter");
  }

  @Test
  void a_body_of_another_type_is_refused() {
    isProblem(
        stack.call(stack.admin(), "POST", "/flows", echo("xml"), "content-type", "application/xml"),
        415,
        "unsupported_media_type");
    stack.publish(echo("typed-body"));
    isProblem(
        stack.call(
            stack.admin(),
            "POST",
            "/flows/typed-body/execute",
            "a: 1",
            "content-type",
            "application/yaml"),
        415,
        "unsupported_media_type");
    isProblem(
        stack.call(stack.admin(), "POST", "/flows", echo("gz"), "content-encoding", "gzip"),
        415,
        "unsupported_media_type");
  }

  @Test
  void five_megabytes_are_too_large() {
    isProblem(
        yaml("POST", "/flows", "flow: big\ndescription: " + "x".repeat(5_000_000)),
        413,
        "too_large");
    isProblem(yaml("POST", "/flows/validate", "x".repeat(5_000_000)), 413, "too_large");
  }

  @ParameterizedTest
  @EnumSource(
      value = Route.class,
      names = {"GET_EXECUTION", "GET_HISTORY", "CANCEL_EXECUTION"})
  void an_unknown_id_is_404(Route route) {
    for (String id : List.of(UUID.randomUUID().toString(), "nonsense", "1-1-1-1-1", "%00")) {
      isProblem(
          stack.call(stack.admin(), route.method(), route.template().replace("{id}", id), null),
          404,
          "not_found");
    }
  }

  // -- adapters

  @Test
  void an_adapter_is_defined_changed_and_used() {
    String text =
        "adapter: greeter\n"
            + "type: sandbox\n"
            + "default_action: hello\n"
            + "actions:\n"
            + "  hello: {answer: {text: hi}}\n";
    Answer made = yaml("PUT", "/adapters/greeter", text);
    assertThat(made.status()).as(made.body()).isEqualTo(201);
    assertThat(made.headers()).containsEntry("etag", "\"1\"");
    isProblem(yaml("PUT", "/adapters/greeter", text), 428, "precondition_required");
    isProblem(
        yaml("PUT", "/adapters/greeter", text, "if-match", "\"9\""), 412, "precondition_failed");
    Answer changed =
        yaml("PUT", "/adapters/greeter", text.replace("hi", "hey"), "if-match", "\"1\"");
    assertThat(changed.status()).isEqualTo(200);
    assertThat(changed.headers()).containsEntry("etag", "\"2\"");
    Answer got = stack.call(stack.token("flow:read"), "GET", "/adapters/greeter", null);
    assertThat(got.json())
        .containsEntry("name", "greeter")
        .containsEntry("type", "sandbox")
        .containsEntry("revision", 2L)
        .containsEntry("built_in", false);
    assertThat(
            stack
                .call(stack.admin(), "GET", "/adapters/greeter", null, "accept", "application/yaml")
                .body())
        .contains("hey");
    assertThat(
            list(stack.call(stack.token("flow:read"), "GET", "/adapters?limit=100", null), "items"))
        .extracting(item -> item.get("name"))
        .contains("greeter", "stripe", "sandbox")
        .isSorted();
    String id = stack.execute(stack.publish("flow: greet\nsteps:\n  - greeter\n"), "{}");
    stack.settle();
    assertThat(stack.call(stack.admin(), "GET", "/executions/" + id, null).json())
        .containsEntry("output", Map.of("text", "hey"));
  }

  @Test
  void a_wrong_definition_is_told_with_its_place() {
    Answer wrong =
        yaml("PUT", "/adapters/wrong", "adapter: wrong\ntype: http\nbase_ulr: https://x.example\n");
    assertThat(wrong.status()).isEqualTo(400);
    assertThat(list(wrong, "errors"))
        .isNotEmpty()
        .anySatisfy(
            error ->
                assertThat(error).containsEntry("path", "/base_ulr").containsEntry("line", 3L));
    isProblem(
        yaml("PUT", "/adapters/one", "adapter: two\ntype: sandbox\nactions: {a: {}}\n"),
        400,
        "name_mismatch");
    isProblem(
        yaml("PUT", "/adapters/one", "adapter: one\ntype: carrier-pigeon\nactions: {a: {}}\n"),
        400,
        "unknown_type");
    isProblem(yaml("PUT", "/adapters/one", "- 1\n"), 400, "wrong_type");
    isProblem(stack.call(stack.admin(), "GET", "/adapters/one", null), 404, "not_found");
  }

  @Test
  void an_adapter_of_a_tenant_is_nobody_elses() {
    yaml("PUT", "/adapters/private-one", "adapter: private-one\ntype: sandbox\nactions: {a: {}}\n");
    isProblem(
        stack.call(
            stack.issuer.token("globex", "flow:admin"), "GET", "/adapters/private-one", null),
        404,
        "not_found");
  }
}
