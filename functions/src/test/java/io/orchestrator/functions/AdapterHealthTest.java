package io.orchestrator.functions;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import io.orchestrator.functions.TestStack.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Circuits, limits, stand-ins and health of adapters, as flows and operators see them. */
class AdapterHealthTest {
  private static final AtomicInteger STATUS = new AtomicInteger(200);
  private static final AtomicInteger HEALTH = new AtomicInteger(200);
  private static TestRedis redis;
  private static Partner partner;
  private static TestStack stack;

  @BeforeAll
  static void start() throws Exception {
    redis = new TestRedis();
    partner =
        new Partner(
            call ->
                switch (call.path()) {
                  case "/api/health" -> new Partner.Answer(HEALTH.get(), "{}");
                  case "/api/backup" -> new Partner.Answer(200, "{\"from\": \"backup\"}");
                  default -> new Partner.Answer(STATUS.get(), "{\"from\": \"itself\"}");
                });
    stack =
        new TestStack(
            Map.of(
                "REDIS_URL", redis.url(),
                "EGRESS_ALLOW", "127.0.0.0/8",
                "ORCHESTRATOR_SECRET_HEALTH", "sesame-open"));
  }

  @AfterAll
  static void stop() throws Exception {
    stack.close();
    partner.close();
    redis.close();
  }

  private static void define(String name, String path, String more) {
    String yaml = partner.adapter(name, "go: {path: " + path + "}") + more.indent(0);
    Answer answer =
        stack.call(
            stack.admin(), "PUT", "/adapters/" + name, yaml, "content-type", "application/yaml");
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
  }

  private static Answer health(String name) {
    Answer answer =
        stack.call(stack.token("flow:read"), "GET", "/adapters/" + name + "/health", null);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer;
  }

  private static Map<String, Object> circuit(String name) {
    return Template.map(health(name).json().get("circuit"));
  }

  private static Answer set(String name, String body) {
    return stack.call(stack.admin(), "POST", "/adapters/" + name + "/circuit", body);
  }

  private static Map<String, Object> run(String flow) {
    String id = stack.execute(flow, "{}");
    stack.settle();
    return stack.call(stack.admin(), "GET", "/executions/" + id, null).json();
  }

  private static Map<String, Object> error(Map<String, Object> execution) {
    assertThat(execution).containsEntry("status", "failed");
    return Template.map(execution.get("error"));
  }

  private static long calls(String path) {
    return partner.calls().stream().filter(call -> call.path().equals("/api" + path)).count();
  }

  @Test
  void a_circuit_opens_for_all_functions_and_its_state_is_shown() {
    define("shaky", "/shaky", "default_action: go\ncircuit_breaker: {failures: 2, open: 1h}");
    stack.publish("flow: shaky-flow\nsteps:\n  - a: {adapter: shaky, retry: {attempts: 1}}\n");
    assertThat(circuit("shaky")).containsEntry("state", "CLOSED").containsEntry("shared", true);
    STATUS.set(503);
    try {
      run("shaky-flow");
      run("shaky-flow");
    } finally {
      STATUS.set(200);
    }
    assertThat(circuit("shaky")).containsEntry("state", "OPEN").containsEntry("failures", 2L);
    assertThat(Instant.parse((String) circuit("shaky").get("retry_at")))
        .isBetween(Instant.now().plusSeconds(3_000), Instant.now().plusSeconds(3_700));
    Map<String, Object> barred = error(run("shaky-flow"));
    assertThat(barred).containsEntry("type", "circuit_open").containsEntry("adapter", "shaky");
    assertThat(calls("/shaky")).isEqualTo(2);
    assertThat(set("shaky", "{\"state\": \"CLOSED\"}").status()).isEqualTo(200);
    assertThat(run("shaky-flow")).containsEntry("status", "completed");
    assertThat(circuit("shaky")).containsEntry("state", "CLOSED").containsEntry("failures", 0L);
  }

  @Test
  void a_circuit_is_forced_open_with_a_reason_until_it_is_released_and_both_are_told() {
    define("moved", "/moved", "default_action: go");
    stack.publish("flow: moved-flow\nsteps:\n  - a: {adapter: moved}\n");
    assertThat(health("moved").json().get("circuit")).isNull();
    Answer forced = set("moved", "{\"state\": \"FORCED_OPEN\", \"reason\": \"they move house\"}");
    assertThat(forced.status()).as(forced.body()).isEqualTo(200);
    assertThat(Template.map(forced.json().get("circuit")))
        .containsEntry("state", "FORCED_OPEN")
        .containsEntry("reason", "they move house");
    awaitRead();
    Map<String, Object> barred = error(run("moved-flow"));
    assertThat(barred).containsEntry("type", "circuit_open");
    assertThat((String) barred.get("message")).contains("they move house");
    assertThat(calls("/moved")).isZero();
    assertThat(set("moved", "{\"state\": \"closed\", \"reason\": \"done\"}").status())
        .isEqualTo(200);
    assertThat(health("moved").json().get("circuit")).isNull();
    awaitRead();
    assertThat(run("moved-flow")).containsEntry("status", "completed");
    Answer audit = stack.call(stack.admin(), "GET", "/audit?object=adapter:moved", null);
    List<?> lines = (List<?>) audit.json().get("items");
    assertThat(lines.stream().map(line -> Template.map(line).get("action")))
        .startsWith("circuit.set", "circuit.set");
    assertThat(Template.map(Template.map(lines.get(1)).get("details")))
        .containsEntry("state", "FORCED_OPEN")
        .containsEntry("reason", "they move house");
  }

  /** Other functions keep what they have read for a second. */
  private static void awaitRead() {
    Awaitility.await().pollDelay(Duration.ofMillis(1_050)).until(() -> true);
  }

  @Test
  void an_order_must_be_one() {
    define("plain", "/plain", "default_action: go");
    for (String wrong :
        List.of(
            "{}",
            "{\"state\": \"OPEN\"}",
            "{\"state\": \"HALF_OPEN\", \"reason\": \"x\"}",
            "{\"state\": 1}",
            "{\"state\": \"FORCED_OPEN\"}",
            "{\"state\": \"FORCED_OPEN\", \"reason\": \" \"}",
            "{\"state\": \"FORCED_OPEN\", \"reason\": \"" + "x".repeat(501) + "\"}",
            "{\"state\": \"CLOSED\", \"reason\": 7}",
            "{\"state\": \"CLOSED\", \"until\": \"x\"}")) {
      assertThat(set("plain", wrong).status()).as(wrong).isEqualTo(400);
    }
    assertThat(set("nobody", "{\"state\": \"CLOSED\"}").status()).isEqualTo(404);
    assertThat(health("plain").json()).containsEntry("status", "unchecked");
  }

  @Test
  void the_adapter_that_stands_in_is_recorded() {
    define("backup", "/backup", "default_action: go");
    define("main", "/main", "default_action: go\nfallback: [backup]");
    stack.publish("flow: covered\nsteps:\n  - a: {adapter: main}\noutput: {from: $a.from}\n");
    STATUS.set(503);
    try {
      Map<String, Object> execution = run("covered");
      assertThat(execution).containsEntry("status", "completed");
      assertThat(Template.map(execution.get("output"))).containsEntry("from", "backup");
      Answer history =
          stack.call(stack.admin(), "GET", "/executions/" + execution.get("id") + "/history", null);
      assertThat(history.body()).contains("\"served_by\":\"backup\"");
    } finally {
      STATUS.set(200);
    }
    assertThat(Template.map(run("covered").get("output"))).containsEntry("from", "itself");
  }

  @Test
  void what_is_over_a_limit_is_refused_and_makes_no_call() {
    define("narrow", "/narrow", "default_action: go\nrate_limit: 2/1h");
    stack.publish("flow: narrow-flow\nsteps:\n  - a: {adapter: narrow, retry: {attempts: 1}}\n");
    assertThat(run("narrow-flow")).containsEntry("status", "completed");
    assertThat(run("narrow-flow")).containsEntry("status", "completed");
    Map<String, Object> full = error(run("narrow-flow"));
    assertThat(full).containsEntry("type", "rate_limited").containsEntry("retryable", true);
    assertThat(calls("/narrow")).isEqualTo(2);
    assertThat(health("narrow").json()).containsEntry("rate_limit", "2/1h");
  }

  @Test
  void the_sweeper_asks_services_how_they_are_and_the_history_is_shown() {
    define(
        "watched",
        "/watched",
        "health: {path: /health, every: 10s}\nheaders: {X-Key: {secret: health}}");
    assertThat(health("watched").json()).containsEntry("status", "unknown");
    try (SweepFunction one = new SweepFunction(stack.environment);
        SweepFunction two = new SweepFunction(stack.environment)) {
      one.handleRequest(new SQSEvent(), TestStack.CALLED);
      two.handleRequest(new SQSEvent(), TestStack.CALLED);
    }
    assertThat(calls("/health")).isEqualTo(1);
    Map<String, Object> up = health("watched").json();
    assertThat(up).containsEntry("status", "up").containsKeys("since", "next_check");
    assertThat(
            partner.calls().stream()
                .filter(call -> call.path().equals("/api/health"))
                .map(call -> call.headers().get("x-key")))
        .containsOnly("sesame-open");
    HEALTH.set(500);
    stack.database.execute("update adapter_health set due_at = clock_timestamp()");
    try (SweepFunction later = new SweepFunction(stack.environment)) {
      later.handleRequest(new SQSEvent(), TestStack.CALLED);
    }
    Answer down = health("watched");
    assertThat(down.json()).containsEntry("status", "down");
    List<?> checks = (List<?>) down.json().get("checks");
    assertThat(checks).hasSize(2);
    assertThat(Template.map(checks.getFirst()))
        .containsEntry("up", false)
        .containsEntry("status", 500L)
        .containsEntry("note", "it answered 500");
    assertThat(down.body()).doesNotContain("sesame");
  }
}
