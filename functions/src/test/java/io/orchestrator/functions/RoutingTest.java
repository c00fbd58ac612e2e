package io.orchestrator.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import io.orchestrator.expression.Json;
import io.orchestrator.functions.TestStack.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which version a start takes, whatever starts it, and what becomes of a version that fails. */
class RoutingTest {
  private static TestStack stack;

  @BeforeAll
  static void start() throws Exception {
    stack = new TestStack();
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  private static Answer call(String method, String path, String body, String... headers) {
    return stack.call(stack.admin(), method, path, body, headers);
  }

  private static Answer get(String path) {
    return call("GET", path, null);
  }

  /** Two versions, 1.0.0 and 1.0.1, the first of them stable. */
  private static void twoVersions(String flow, String rest) {
    stack.publish("flow: " + flow + "\n" + rest + "\noutput: {version: $flow.version, n: 1}\n");
    Answer next =
        call(
            "PUT",
            "/flows/" + flow + "?activate=false",
            "flow: " + flow + "\n" + rest + "\noutput: {version: $flow.version, n: 2}\n",
            "content-type",
            "application/yaml",
            "if-match",
            "*");
    assertThat(next.status()).as(next.body()).isEqualTo(200);
  }

  private static final String STEP = "steps:\n  - a: {set: {x: 1}}";

  private static Answer route(String flow, String body) {
    return call("PUT", "/flows/" + flow + "/route", body, "if-match", "*");
  }

  private static void canary(String flow, String rest) {
    Answer answer =
        route(flow, "{\"stable\": \"1.0.0\", \"canary\": {\"version\": \"1.0.1\", " + rest + "}}");
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
  }

  private static String versionOf(ApiFunction api, String flow, String customer) {
    String body = "{\"input\": {\"customer\": " + Json.write(customer) + "}}";
    var response =
        api.handleRequest(
            TestStack.event(stack.admin(), "POST", "/flows/" + flow + "/execute", body),
            TestStack.CALLED);
    assertThat(response.getStatusCode()).as(response.getBody()).isEqualTo(202);
    return (String) Template.map(Json.read(response.getBody())).get("version");
  }

  @Test
  void the_same_key_gets_the_same_version_in_every_process() {
    twoVersions("sticky", STEP);
    canary("sticky", "\"percent\": 30, \"key\": \"$input.customer\"");
    Map<String, String> first = new LinkedHashMap<>();
    for (int i = 0; i < 60; i++) {
      first.put("c" + i, versionOf(stack.api, "sticky", "c" + i));
    }
    assertThat(first.values()).contains("1.0.0", "1.0.1");
    long tried = first.values().stream().filter("1.0.1"::equals).count();
    assertThat(tried).as("about 18 of 60").isBetween(6L, 32L);
    try (ApiFunction other = new ApiFunction(stack.environment)) {
      first.forEach(
          (customer, version) ->
              assertThat(versionOf(other, "sticky", customer)).as(customer).isEqualTo(version));
    }
    canary("sticky", "\"percent\": 60, \"key\": \"$input.customer\"");
    try (ApiFunction later = new ApiFunction(stack.environment)) {
      first.forEach(
          (customer, version) -> {
            if (version.equals("1.0.1")) {
              assertThat(versionOf(later, "sticky", customer)).as(customer).isEqualTo("1.0.1");
            }
          });
    }
  }

  @Test
  void without_a_key_every_start_is_on_its_own() {
    twoVersions("alone", STEP);
    canary("alone", "\"percent\": 50");
    Set<String> seen = new LinkedHashSet<>();
    for (int i = 0; i < 40; i++) {
      seen.add(versionOf(stack.api, "alone", "same"));
    }
    assertThat(seen).containsExactlyInAnyOrder("1.0.0", "1.0.1");
  }

  @Test
  void none_and_all_are_percents_too() {
    twoVersions("edges", STEP);
    canary("edges", "\"percent\": 0");
    assertThat(versionOf(stack.api, "edges", "a")).isEqualTo("1.0.0");
    canary("edges", "\"percent\": \"100%\"");
    assertThat(get("/flows/edges").json().get("route"))
        .isEqualTo(
            Map.of("stable", "1.0.0", "canary", Map.of("version", "1.0.1", "percent", 100L)));
    assertThat(versionOf(stack.api, "edges", "a")).isEqualTo("1.0.1");
  }

  @Test
  void webhooks_events_and_sub_flows_go_through_the_route_as_well() {
    twoVersions(
        "every-way",
        "triggers:\n  - webhook: {path: every-way}\n  - event: {type: way.taken}\n" + STEP);
    stack.publish("flow: caller\nsteps:\n  - sub: {flow: every-way}\noutput: $sub.version\n");
    canary("every-way", "\"percent\": 100");

    Answer hook = stack.post(true, stack.admin(), "/hooks/acme/every-way", "{}");
    assertThat(hook.status()).as(hook.body()).isEqualTo(202);
    String parent = stack.execute("caller", "{}");
    call("POST", "/events", "{\"type\": \"way.taken\"}");
    stack.settle();
    Map<String, Object> direct =
        TestStack.stream(stack.trigger, Map.of("tenant", "acme", "flow", "every-way"));
    assertThat(direct).containsEntry("version", "1.0.1");
    assertThat(get("/executions/" + parent).json()).containsEntry("output", "1.0.1");
    @SuppressWarnings("unchecked") // the API's own shape
    List<Map<String, Object>> all =
        (List<Map<String, Object>>) get("/executions?flow=every-way&limit=100").json().get("items");
    assertThat(all).hasSize(4).extracting(e -> e.get("version")).containsOnly("1.0.1");
  }

  @Test
  void a_sub_flow_with_a_range_keeps_its_version() {
    twoVersions("ranged", STEP);
    stack.publish(
        "flow: caller-of-range\nsteps:\n  - sub: {flow: ranged@1.0.0}\noutput: $sub.version\n");
    canary("ranged", "\"percent\": 100");
    String parent = stack.execute("caller-of-range", "{}");
    stack.settle();
    assertThat(get("/executions/" + parent).json()).containsEntry("output", "1.0.0");
  }

  @Test
  void a_publication_is_seen_by_another_process_within_a_second_without_redis() {
    stack.publish("flow: seen-soon\n" + STEP + "\noutput: 1\n");
    try (ApiFunction other = new ApiFunction(stack.environment)) {
      assertThat(versionOf(other, "seen-soon", "a")).isEqualTo("1.0.0");
      Answer next =
          call(
              "PUT",
              "/flows/seen-soon",
              "flow: seen-soon\n" + STEP + "\noutput: 2\n",
              "content-type",
              "application/yaml",
              "if-match",
              "*");
      assertThat(next.status()).isEqualTo(200);
      assertThat(versionOf(stack.api, "seen-soon", "a")).as("here at once").isEqualTo("1.0.1");
      await()
          .atMost(Duration.ofMillis(1_100))
          .pollInterval(Duration.ofMillis(20))
          .until(() -> versionOf(other, "seen-soon", "a").equals("1.0.1"));
    }
  }

  @Test
  void a_publication_beside_a_canary_leaves_the_route_alone() {
    twoVersions("beside", STEP);
    canary("beside", "\"percent\": 10");
    call(
        "PUT",
        "/flows/beside",
        "flow: beside\n" + STEP + "\noutput: 3\n",
        "content-type",
        "application/yaml",
        "if-match",
        "*");
    Map<String, Object> flow = get("/flows/beside").json();
    assertThat(flow).containsEntry("latest", "1.0.2");
    assertThat(Template.map(flow.get("route"))).containsEntry("stable", "1.0.0");
    Answer back = call("POST", "/flows/beside/rollback", null);
    assertThat(Template.map(back.json().get("route")))
        .as("the canary goes, the stable version stays")
        .containsEntry("stable", "1.0.0")
        .containsEntry("canary", null);
    assertThat(Template.map(get("/flows/beside").json().get("trial")))
        .containsEntry("outcome", "ended");
    canary("beside", "\"percent\": 10");
    call("POST", "/flows/beside/activate", "{\"version\": \"1.0.1\"}");
    assertThat(Template.map(get("/flows/beside").json().get("trial")))
        .containsEntry("outcome", "promoted");
  }

  @Test
  void a_route_needs_the_revision_that_it_follows() {
    twoVersions("matched", STEP);
    String body = "{\"stable\": \"1.0.1\"}";
    assertThat(call("PUT", "/flows/matched/route", body).status()).isEqualTo(428);
    assertThat(call("PUT", "/flows/matched/route", body, "if-match", "\"1\"").status())
        .isEqualTo(412);
    Answer done = call("PUT", "/flows/matched/route", body, "if-match", "\"2\"");
    assertThat(done.status()).as(done.body()).isEqualTo(200);
    assertThat(done.headers()).containsEntry("etag", "\"3\"");
    assertThat(call("PUT", "/flows/nowhere/route", body, "if-match", "*").status()).isEqualTo(404);
    Answer none = route("matched", "{\"stable\": null}");
    assertThat(none.status()).as(none.body()).isEqualTo(200);
    assertThat(get("/flows/matched").json()).containsEntry("status", "inactive");
    assertThat(call("POST", "/flows/matched/execute", "{}").status()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '^',
      value = {
        "[]; wrong_type; ^^",
        "{\"stabel\": \"1.0.0\"}; unknown_key; /stabel",
        "{\"stable\": \"9.9.9\"}; bad_value; /stable",
        "{\"stable\": 1}; bad_value; /stable",
        "{\"canary\": []}; wrong_type; /canary",
        "{\"canary\": {\"percent\": 5}}; missing_key; /canary",
        "{\"canary\": {\"version\": \"1.0.1\"}}; missing_key; /canary",
        "{\"canary\": {\"version\": \"7.0.0\", \"percent\": 5}}; bad_value; /canary/version",
        "{\"canary\": {\"version\": \"1.0.0\", \"percent\": 5}}; contradiction; /canary/version",
        "{\"canary\": {\"version\": \"1.0.1\", \"percent\": 101}}; bad_value; /canary/percent",
        "{\"canary\": {\"version\": \"1.0.1\", \"percent\": -1}}; bad_value; /canary/percent",
        "{\"canary\": {\"version\": \"1.0.1\", \"percent\": 1.234}}; bad_value; /canary/percent",
        "{\"canary\": {\"version\": \"1.0.1\", \"percent\": \"ten\"}}; bad_value; /canary/percent",
        "{\"canary\": {\"version\": \"1.0.1\", \"percent\": 5, \"key\": \"$in\"}};"
            + " misplaced_reference; /canary/key",
        "{\"canary\": {\"version\": \"1.0.1\", \"percent\": 5, \"key\": \"$input.(\"}}; expression;"
            + " /canary/key",
        "{\"canary\": {\"version\": \"1.0.1\", \"percent\": 5, \"key\": \"'x'\"}}; bad_value;"
            + " /canary/key",
        "{\"canary\": {\"version\": \"1.0.1\", \"percent\": 5, \"goal\": \"$b.ok\"}};"
            + " unknown_reference; /canary/goal",
        "{\"canary\": {\"version\": \"1.0.1\", \"percent\": 5, \"goal\": \"1 + 1\"}}; not_boolean;"
            + " /canary/goal",
        "{\"canary\": {\"version\": \"1.0.1\", \"percent\": 5, \"rollback\": {\"error_rate\":"
            + " \"5%\"}}}; missing_key; /canary/rollback",
        "{\"canary\": {\"version\": \"1.0.1\", \"percent\": 5, \"rollback\": {\"error_rate\": 5,"
            + " \"min_runs\": 1}}}; bad_value; /canary/rollback/error_rate",
        "{\"canary\": {\"version\": \"1.0.1\", \"percent\": 5, \"rollback\": {\"error_rate\":"
            + " \"100%\", \"min_runs\": 1}}}; bad_value; /canary/rollback/error_rate",
        "{\"canary\": {\"version\": \"1.0.1\", \"percent\": 5, \"rollback\": {\"error_rate\":"
            + " \"5%\", \"min_runs\": 0}}}; bad_value; /canary/rollback/min_runs"
      })
  void a_wrong_route_is_refused_with_its_place(String body, String code, String path) {
    if (call("GET", "/flows/wrong-routes", null).status() == 404) {
      twoVersions("wrong-routes", STEP);
    }
    Answer answer = route("wrong-routes", body);
    assertThat(answer.status()).as(answer.body()).isEqualTo(400);
    assertThat(answer.code()).as(answer.body()).isEqualTo(code);
    @SuppressWarnings("unchecked") // the API's own shape
    Map<String, Object> error =
        ((List<Map<String, Object>>) answer.json().get("errors")).getFirst();
    assertThat(error).containsEntry("path", path);
    assertThat((Long) error.get("column")).isPositive();
    assertThat(get("/flows/wrong-routes").headers()).containsEntry("etag", "\"2\"");
  }

  // -- trials

  private static final String FAILING =
      "steps:\n  - a: {assert: \"$flow.version != '1.0.1' or $input.customer != 'bad'\"}";

  private static void run(String flow, String customer) {
    stack.execute(flow, "{\"input\": {\"customer\": \"" + customer + "\"}}");
    stack.settle();
  }

  /** One look of the sweeper, by a process of its own. */
  private static void sweep() {
    try (SweepFunction sweeper = new SweepFunction(stack.environment)) {
      SQSEvent tick = new SQSEvent();
      tick.setRecords(new ArrayList<>());
      sweeper.handleRequest(tick, TestStack.CALLED);
    }
  }

  @Test
  void a_canary_that_fails_too_often_is_rolled_back_by_the_sweeper() {
    twoVersions("guarded", FAILING);
    canary("guarded", "\"percent\": 100, \"rollback\": {\"error_rate\": \"50%\", \"min_runs\": 3}");
    run("guarded", "fine");
    run("guarded", "bad");
    sweep();
    assertThat(Template.map(get("/flows/guarded").json().get("route")).get("canary"))
        .as("two runs are too few")
        .isNotNull();
    run("guarded", "bad");
    sweep();

    Map<String, Object> flow = get("/flows/guarded").json();
    assertThat(Template.map(flow.get("route")))
        .containsEntry("stable", "1.0.0")
        .containsEntry("canary", null);
    assertThat(flow).containsEntry("updated_by", "guard").containsEntry("revision", 4L);
    assertThat(Template.map(flow.get("trial")))
        .containsEntry("outcome", "rolled_back")
        .containsEntry("note", "2 of 3 runs failed, more than the 50 % of the guard");
    await()
        .atMost(Duration.ofMillis(1_500))
        .until(() -> versionOf(stack.api, "guarded", "fine").equals("1.0.0"));
    stack.settle();
    sweep();
    assertThat(get("/flows/guarded").json()).as("once").containsEntry("revision", 4L);
  }

  @Test
  void a_canary_within_its_guard_stays() {
    twoVersions("within", FAILING);
    canary("within", "\"percent\": 100, \"rollback\": {\"error_rate\": 0.5, \"min_runs\": 2}");
    run("within", "fine");
    run("within", "bad");
    sweep();
    assertThat(Template.map(get("/flows/within").json().get("route")).get("canary")).isNotNull();
  }

  @Test
  void goals_and_failures_are_counted_for_each_version_with_intervals() {
    twoVersions(
        "measured", FAILING + "\n  - slow: {await: {signal: go}, when: $input.customer == 'slow'}");
    canary(
        "measured", "\"percent\": 100, \"key\": \"$input.customer\", \"goal\": \"$output.n == 2\"");
    run("measured", "fine");
    run("measured", "bad");
    String cancelled = stack.execute("measured", "{\"input\": {\"customer\": \"slow\"}}");
    stack.settle();
    call("POST", "/executions/" + cancelled + "/cancel", "{}");
    stack.settle();

    Map<String, Object> trial = Template.map(get("/flows/measured").json().get("trial"));
    assertThat(trial)
        .containsEntry("version", "1.0.1")
        .containsEntry("goal", "$output.n == 2")
        .containsEntry("outcome", null);
    @SuppressWarnings("unchecked") // the API's own shape
    List<Map<String, Object>> variants = (List<Map<String, Object>>) trial.get("variants");
    assertThat(variants.getFirst()).containsEntry("version", "1.0.0").containsEntry("runs", 0L);
    assertThat(variants.getLast())
        .containsEntry("version", "1.0.1")
        .containsEntry("runs", 2L)
        .containsEntry("failures", 1L)
        .containsEntry("goals", 1L);
    assertThat(Json.write(variants.getLast().get("goal_rate")))
        .isEqualTo("{\"rate\":0.5,\"low\":0.0945,\"high\":0.9055}");
  }

  @Test
  void an_end_that_is_told_twice_is_counted_once() {
    twoVersions("once", STEP);
    canary("once", "\"percent\": 100");
    run("once", "a");
    stack.database.execute(
        "insert into buffered_events (id, expires, tenant, type, key, data, deliver_at) select"
            + " gen_random_uuid(), now() + interval '1 hour', 'acme', '$ended', id::text, '{}',"
            + " now() from executions where flow = 'once'");
    sweep();
    stack.settle();
    assertThat(stack.count("buffered_events where type = '$ended'")).isZero();
    assertThat(stack.count("variants where flow = 'once' and runs = 1")).isEqualTo(1);
  }
}
