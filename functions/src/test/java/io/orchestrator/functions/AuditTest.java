package io.orchestrator.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import io.orchestrator.expression.Json;
import io.orchestrator.functions.TestStack.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who did what is in the audit trail, over the API, and can be verified and taken away. */
class AuditTest {
  private static final String FLOW =
      """
      flow: %s
      steps:
        - go: {await: {signal: ready}}
      """;

  private static TestStack stack;

  @BeforeAll
  static void start() throws Exception {
    stack = new TestStack();
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  private static String bob(String... permissions) {
    return stack.issuer.token("acme", "bob", List.of(), permissions);
  }

  private static Answer get(String path) {
    Answer answer = stack.call(stack.admin(), "GET", path, null);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer;
  }

  private static List<Map<String, Object>> lines(String query) {
    return ((List<?>) get("/audit?limit=100&" + query).json().get("items"))
        .stream().map(Template::map).toList();
  }

  private static List<String> told(String query) {
    return lines(query).stream()
        .map(line -> line.get("actor") + " " + line.get("action") + " " + line.get("outcome"))
        .toList();
  }

  private static void ok(Answer answer, int status) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
  }

  private static void seal() {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> {
              try (SweepFunction sweep = new SweepFunction(stack.environment)) {
                SQSEvent tick = new SQSEvent();
                tick.setRecords(List.of());
                sweep.handleRequest(tick, TestStack.CALLED);
              }
              return get("/audit/verify").json().get("unsealed").equals(0L);
            });
  }

  @Test
  void changes_of_flows_and_adapters_are_told_with_who_made_them() {
    stack.publish(FLOW.formatted("told"));
    ok(
        stack.call(
            bob("flow:update"),
            "PUT",
            "/flows/told",
            FLOW.formatted("told") + "  - x: {await: {signal: more}}\n",
            "content-type",
            "application/yaml",
            "if-match",
            "\"1\""),
        200);
    assertThat(told("object=flow:told"))
        .containsExactly("bob flow.update done", "ann flow.publish done");
    assertThat(Template.map(lines("object=flow:told").getFirst().get("details")))
        .containsEntry("revision", 2L)
        .containsEntry("latest", "1.0.1");
    ok(
        stack.call(
            bob("flow:admin"),
            "PUT",
            "/adapters/told",
            """
            {"adapter": "told", "type": "http", "base_url": "https://told.test", "actions": {"go": {"method": "GET", "path": "/"}}}
            """),
        201);
    assertThat(told("object=adapter:told")).containsExactly("bob adapter.put done");
  }

  @Test
  void what_was_refused_changes_nothing_and_tells_nothing() {
    stack.publish(FLOW.formatted("twice"));
    ok(
        stack.call(
            stack.admin(),
            "POST",
            "/flows",
            FLOW.formatted("twice"),
            "content-type",
            "application/yaml"),
        409);
    ok(
        stack.call(
            stack.admin(),
            "PUT",
            "/flows/twice",
            FLOW.formatted("twice") + "  - x: {await: {signal: more}}\n",
            "content-type",
            "application/yaml",
            "if-match",
            "\"7\""),
        412);
    assertThat(told("object=flow:twice")).containsExactly("ann flow.publish done");
  }

  @Test
  void what_is_done_with_an_execution_is_told_once_and_its_steps_are_not() {
    stack.publish(FLOW.formatted("run"));
    String id = stack.execute("run", "{}");
    stack.settle();
    String path = "/executions/" + id;
    ok(stack.call(bob("flow:execute"), "POST", path + "/pause", "{\"reason\": \"lunch\"}"), 202);
    ok(stack.call(bob("flow:execute"), "POST", path + "/resume", null), 202);
    ok(stack.call(bob("flow:execute"), "POST", path + "/signals/ready", "{}"), 202);
    stack.settle();
    ok(stack.call(bob("flow:execute"), "POST", path + "/cancel", null), 409);
    assertThat(told("object=execution:" + id))
        .containsExactly(
            "bob signal.send done",
            "bob execution.resume done",
            "bob execution.pause done",
            "ann flow.execute done");
    assertThat(lines("object=execution:" + id).getLast().get("details"))
        .isEqualTo(
            Map.of(
                "flow", "run", "version", "1.0.0", "revision", 1L, "event", "execution_started"));
    String other = stack.execute("run", "{}");
    stack.settle();
    ok(stack.call(bob("flow:execute"), "POST", "/executions/" + other + "/cancel", null), 202);
    assertThat(told("object=execution:" + other))
        .containsExactly("bob execution.cancel done", "ann flow.execute done");
  }

  @Test
  void a_repeated_start_is_told_once() {
    stack.publish(FLOW.formatted("once"));
    for (int i = 0; i < 3; i++) {
      ok(
          stack.call(
              bob("flow:execute"),
              "POST",
              "/flows/once/execute",
              "{}",
              "idempotency-key",
              "the same"),
          202);
    }
    assertThat(lines("actor=bob").stream().filter(line -> details(line, "flow").equals("once")))
        .hasSize(1);
  }

  private static Object details(Map<String, Object> line, String key) {
    return Template.map(line.get("details")).getOrDefault(key, "");
  }

  @Test
  void an_event_is_told_with_its_type_and_without_its_data() {
    for (int i = 0; i < 2; i++) {
      ok(
          stack.call(
              stack.admin(),
              "POST",
              "/events",
              "{\"type\": \"told.once\", \"data\": {\"card\": \"4111\"}}",
              "idempotency-key",
              "one event"),
          202);
    }
    List<Map<String, Object>> events = lines("object=event:*");
    assertThat(events).hasSize(1);
    assertThat(events.getFirst().get("details")).isEqualTo(Map.of("type", "told.once"));
  }

  @Test
  void a_denial_of_somebody_known_is_told_once_a_minute_and_of_somebody_unknown_never() {
    String token = stack.issuer.token("acme", "mallory", List.of(), "flow:read");
    for (int i = 0; i < 5; i++) {
      ok(stack.call(token, "POST", "/flows", "flow: x", "content-type", "application/yaml"), 403);
      ok(stack.call("nonsense", "GET", "/flows", null), 401);
      ok(stack.call(null, "GET", "/flows", null), 401);
    }
    stack.publish(FLOW.formatted("closed"));
    String some = stack.issuer.token("acme", "mallory", List.of(), "flow:execute:other");
    ok(stack.call(some, "POST", "/flows/closed/execute", "{}"), 403);
    assertThat(told("actor=mallory"))
        .containsExactly("mallory flow.execute denied", "mallory flow.publish denied");
    assertThat(details(lines("actor=mallory").getLast(), "permission")).isEqualTo("flow:create");
  }

  @Test
  void another_tenant_sees_nothing_of_it() {
    stack.publish(FLOW.formatted("private"));
    seal();
    String theirs = stack.issuer.token("rival", "flow:admin");
    assertThat(stack.call(theirs, "GET", "/audit", null).json().get("items")).isEqualTo(List.of());
    Map<String, Object> report = stack.call(theirs, "GET", "/audit/verify", null).json();
    assertThat(report).containsEntry("valid", true).containsEntry("lines", 0L);
    assertThat(stack.call(theirs, "POST", "/audit/exports", null).body())
        .contains("audit.export")
        .doesNotContain("flow:");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET /audit", "GET /audit/verify", "POST /audit/exports"})
  void only_an_admin_of_all_flows_may_look(String route) {
    String[] parts = route.split(" ", -1);
    for (String permission :
        List.of("flow:read", "flow:execute", "flow:create", "flow:admin:some-*")) {
      Answer answer = stack.call(bob(permission), parts[0], parts[1], null);
      ok(answer, 403);
      assertThat(answer.json().get("permission")).isEqualTo("flow:admin");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "from=yesterday",
        "to=-1000000000-01-01T00:00:00Z",
        "from=%2B1000000000-12-31T00:00:00Z",
        "cursor=nonsense",
        "cursor=MQ",
        "limit=0",
        "limit=101",
        "actors=ann",
        "actor=%00",
        "actor=ann&actor=bob"
      })
  void a_bad_query_is_refused(String query) {
    ok(stack.call(stack.admin(), "GET", "/audit?" + query, null), 400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cursor=eA", "seal=1", "seal=x&hash=y", "hash=00", "seal=1&hash=zz"})
  void a_bad_verification_is_refused(String query) {
    ok(stack.call(stack.admin(), "GET", "/audit/verify?" + query, null), 400);
  }

  @Test
  void the_first_broken_line_is_named() {
    stack.publish(FLOW.formatted("tampered"));
    seal();
    Map<String, Object> before = get("/audit/verify").json();
    assertThat(before).containsEntry("valid", true).containsEntry("broken", null);
    Map<String, Object> head = Template.map(before.get("head"));
    assertThat(get("/audit/verify?seal=" + head.get("seal") + "&hash=" + head.get("hash")).json())
        .containsEntry("valid", true);
    String id = (String) lines("object=flow:tampered").getFirst().get("id");
    stack.database.execute("update audit set actor = 'eve' where id = '" + id + "'");
    try {
      Map<String, Object> report = get("/audit/verify").json();
      assertThat(report).containsEntry("valid", false);
      assertThat(Template.map(report.get("broken")))
          .containsEntry("fault", "changed")
          .containsEntry("id", id);
    } finally {
      stack.database.execute("update audit set actor = 'ann' where id = '" + id + "'");
    }
    assertThat(get("/audit/verify").json()).containsEntry("valid", true);
  }

  @Test
  void the_trail_is_read_in_pages_and_exported_as_json_lines() {
    Instant from = Instant.now();
    for (int i = 0; i < 5; i++) {
      stack.publish(FLOW.formatted("page" + i));
    }
    String query = "object=flow:page*&from=" + from.minusSeconds(60);
    List<Object> seen = new ArrayList<>();
    String cursor = "";
    while (cursor != null) {
      Map<String, Object> page =
          get("/audit?limit=2&" + query + (cursor.isEmpty() ? "" : "&cursor=" + cursor)).json();
      ((List<?>) page.get("items")).forEach(line -> seen.add(Template.map(line).get("object")));
      cursor = (String) page.get("next");
    }
    assertThat(seen)
        .containsExactly("flow:page4", "flow:page3", "flow:page2", "flow:page1", "flow:page0");
    Answer export = stack.call(bob("flow:admin"), "POST", "/audit/exports?" + query, null);
    ok(export, 200);
    assertThat(export.headers()).containsEntry("content-type", "application/x-ndjson");
    assertThat(export.body().lines().map(line -> Template.map(Json.read(line)).get("object")))
        .containsExactlyElementsOf(seen);
    assertThat(told("object=audit:trail")).containsExactly("bob audit.export done");
  }
}
