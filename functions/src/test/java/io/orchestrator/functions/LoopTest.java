package io.orchestrator.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.sun.net.httpserver.HttpServer;
import io.orchestrator.engine.Callbacks;
import io.orchestrator.expression.Json;
import io.orchestrator.functions.TestStack.Answer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Messages, callbacks, webhooks, ticks and migrations, by the functions that take them. */
class LoopTest {
  private static TestStack stack;

  @BeforeAll
  static void start() throws Exception {
    stack = new TestStack();
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  private static Map<String, Object> execution(String id) {
    return stack.call(stack.admin(), "GET", "/executions/" + id, null).json();
  }

  private static String tokenOf(String id, String path) {
    byte[] key =
        stack.environment.get("ORCHESTRATOR_SECRET_CALLBACK").getBytes(StandardCharsets.UTF_8);
    return new Callbacks(key, "").token(UUID.fromString(id), path);
  }

  // -- messages

  @Test
  void a_poison_message_fails_alone() {
    stack.settle();
    String id =
        stack.execute(
            stack.publish("flow: neighbour\nsteps:\n  - a: {adapter: sandbox, params: {x: 1}}\n"),
            "{}");
    List<SQSEvent.SQSMessage> records =
        new ArrayList<>(
            stack.receive("STEP").stream().map(message -> stack.record("STEP", message)).toList());
    SQSEvent.SQSMessage poison = new SQSEvent.SQSMessage();
    poison.setMessageId("poison");
    poison.setBody("{\"nonsense\": true}");
    records.addFirst(poison);
    SQSEvent event = new SQSEvent();
    event.setRecords(records);
    assertThat(TestStack.failures(stack.steps.handleRequest(event, TestStack.CALLED)))
        .containsExactly("poison");
    assertThat(execution(id)).containsEntry("status", "completed");
  }

  @Test
  void ten_copies_of_one_message_and_one_after_the_end_are_one_run() {
    stack.settle();
    String id =
        stack.execute(
            stack.publish("flow: doubled\nsteps:\n  - a: {adapter: sandbox, params: {x: 1}}\n"),
            "{}");
    SQSEvent.SQSMessage message = stack.record("STEP", stack.receive("STEP").getFirst());
    SQSEvent event = new SQSEvent();
    event.setRecords(IntStream.range(0, 10).mapToObj(i -> message).toList());
    assertThat(TestStack.failures(stack.steps.handleRequest(event, TestStack.CALLED))).isEmpty();
    Object revision = execution(id).get("revision");
    assertThat(TestStack.failures(stack.steps.handleRequest(event, TestStack.CALLED))).isEmpty();
    assertThat(execution(id))
        .containsEntry("status", "completed")
        .containsEntry("revision", revision);
  }

  @Test
  void a_message_that_the_database_could_not_serve_comes_again() {
    stack.settle();
    String id =
        stack.execute(
            stack.publish("flow: patient-one\nsteps:\n  - a: {adapter: sandbox, params: {x: 1}}\n"),
            "{}");
    SQSEvent event = new SQSEvent();
    event.setRecords(
        stack.receive("STEP").stream().map(message -> stack.record("STEP", message)).toList());
    Map<String, String> elsewhere = new java.util.HashMap<>(stack.environment);
    elsewhere.put("DATABASE_URL", "jdbc:postgresql://127.0.0.1:1/nowhere");
    try (StepRunnerFunction lost = new StepRunnerFunction(elsewhere)) {
      assertThat(TestStack.failures(lost.handleRequest(event, TestStack.CALLED)))
          .hasSameSizeAs(event.getRecords());
    }
    assertThat(TestStack.failures(stack.steps.handleRequest(event, TestStack.CALLED))).isEmpty();
    assertThat(execution(id)).containsEntry("status", "completed");
  }

  // -- callbacks

  private static String awaiting(String name) {
    return "flow: "
        + name
        + "\nsteps:\n  - ask: {await: {callback: true}}\n  - after: {set: {got: $ask.ok}}\n";
  }

  @Test
  void an_answer_completes_its_wait_once() {
    String id = stack.execute(stack.publish(awaiting("asks")), "{}");
    stack.settle();
    assertThat(execution(id)).containsEntry("status", "waiting");
    assertThat(((List<?>) execution(id).get("waiting_for")))
        .singleElement()
        .satisfies(
            wait ->
                assertThat(Template.map(wait))
                    .containsEntry("step", "ask")
                    .containsEntry("kind", "callback")
                    .containsKey("until"));
    String token = tokenOf(id, "ask");
    Answer first = stack.post(false, null, "/callbacks/" + token, "{\"ok\": true, \"n\": 1}");
    assertThat(first.status()).as(first.body()).isEqualTo(200);
    stack.settle();
    assertThat(execution(id)).containsEntry("status", "completed");
    Answer again = stack.post(false, null, "/callbacks/" + token, "{\"n\": 1.0, \"ok\": true}");
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.body()).isEqualTo(first.body());
    Answer other = stack.post(false, null, "/callbacks/" + token, "{\"ok\": false}");
    assertThat(other.status()).isEqualTo(409);
    assertThat(other.code()).isEqualTo("already_answered");
  }

  @Test
  void ten_equal_answers_at_once_are_one_resume_and_200_for_all() throws Exception {
    String id = stack.execute(stack.publish(awaiting("asks-many")), "{}");
    stack.settle();
    String token = tokenOf(id, "ask");
    List<Callable<Integer>> answers =
        IntStream.range(0, 10)
            .<Callable<Integer>>mapToObj(
                i ->
                    () -> stack.post(false, null, "/callbacks/" + token, "{\"ok\": true}").status())
            .toList();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var answer : threads.invokeAll(answers)) {
        assertThat(answer.get()).isEqualTo(200);
      }
    }
    stack.settle();
    assertThat(execution(id)).containsEntry("status", "completed");
  }

  @Test
  void a_late_answer_is_410_and_an_unknown_one_404() {
    String id = stack.execute(stack.publish(awaiting("asks-late")), "{}");
    stack.settle();
    stack.call(stack.admin(), "POST", "/executions/" + id + "/cancel", null);
    assertThat(stack.post(false, null, "/callbacks/" + tokenOf(id, "ask"), "{}").status())
        .isEqualTo(410);
    assertThat(stack.post(false, null, "/callbacks/unknown", "{}").status()).isEqualTo(404);
    assertThat(stack.post(false, null, "/callbacks/unknown", "{nope").status()).isEqualTo(400);
    assertThat(stack.post(false, null, "/callbacks/unknown", "x".repeat(300_000)).status())
        .isEqualTo(413);
  }

  @Test
  void an_answer_may_report_a_failure() {
    String id = stack.execute(stack.publish(awaiting("asks-failing")), "{}");
    stack.settle();
    String token = tokenOf(id, "ask");
    assertThat(
            stack
                .post(false, null, "/callbacks/" + token + "?outcome=error", "{\"typ\": \"x\"}")
                .status())
        .isEqualTo(400);
    assertThat(stack.post(false, null, "/callbacks/" + token + "?outcome=maybe", "{}").status())
        .isEqualTo(400);
    assertThat(
            stack
                .post(
                    false,
                    null,
                    "/callbacks/" + token + "?outcome=error",
                    "{\"type\": \"no_answer\", \"message\": \"rang out\"}")
                .status())
        .isEqualTo(200);
    stack.settle();
    Map<String, Object> ended = execution(id);
    assertThat(ended).containsEntry("status", "failed");
    assertThat(Template.map(ended.get("error")))
        .containsEntry("type", "no_answer")
        .containsEntry("message", "rang out");
  }

  // -- webhooks

  @Test
  void a_webhook_starts_its_flow() {
    stack.publish(
        """
        flow: hook-flow
        triggers:
          - webhook: {path: orders, verify: none, filter: $trigger.body.type == 'order.created', dedupe: "$trigger.headers['x-event-id']", input: $trigger.body.order}
        steps:
          - keep: {set: {order: $input.id}}
        output: $input
        """);
    String body = "{\"type\": \"order.created\", \"order\": {\"id\": 4711}}";
    Answer accepted =
        stack.post(true, null, "/hooks/acme/orders?source=shop", body, "x-event-id", "e1");
    assertThat(accepted.status()).as(accepted.body()).isEqualTo(202);
    Answer repeated = stack.post(true, null, "/hooks/acme/orders", body, "x-event-id", "e1");
    assertThat(repeated.status()).isEqualTo(202);
    assertThat(repeated.json()).isEqualTo(accepted.json());
    Answer ignored =
        stack.post(
            true, null, "/hooks/acme/orders", "{\"type\": \"order.deleted\"}", "x-event-id", "e2");
    assertThat(ignored.status()).isEqualTo(200);
    assertThat(ignored.json()).isEqualTo(Map.of("status", "ignored"));
    stack.settle();
    assertThat(execution((String) accepted.json().get("id")))
        .containsEntry("status", "completed")
        .containsEntry("output", Map.of("id", 4711L));
    assertThat(stack.post(true, null, "/hooks/acme/nowhere", body).status()).isEqualTo(404);
    assertThat(stack.post(true, null, "/hooks/globex/orders", body).status()).isEqualTo(404);
    assertThat(stack.post(true, null, "/hooks/acme/orders", "x".repeat(300_000)).status())
        .isEqualTo(413);
    assertThat(stack.post(true, null, "/hooks/acme/orders", "{").status()).isEqualTo(400);
  }

  @Test
  void a_webhook_without_verification_needs_a_token_of_its_tenant() {
    stack.publish("flow: guarded-hook\ntrigger: webhook.received\nsteps:\n  - a: {set: {x: 1}}\n");
    String path = "/hooks/acme/guarded-hook";
    Answer nobody = stack.post(true, null, path, "{}");
    assertThat(nobody.status()).isEqualTo(401);
    assertThat(nobody.json()).containsKey("iam_url");
    assertThat(stack.post(true, stack.token("flow:read"), path, "{}").status()).isEqualTo(403);
    assertThat(stack.post(true, stack.issuer.token("globex", "flow:admin"), path, "{}").status())
        .isEqualTo(404);
    assertThat(stack.post(true, stack.token("flow:execute"), path, "{}").status()).isEqualTo(202);
  }

  @Test
  void two_flows_cannot_listen_at_one_path() {
    stack.publish(
        "flow: listens\n"
            + "triggers: [{webhook: {path: shared-path}}]\n"
            + "steps:\n"
            + "  - a: {set: {x: 1}}\n");
    Answer second =
        stack.call(
            stack.admin(),
            "POST",
            "/flows",
            "flow: listens-too\n"
                + "triggers: [{webhook: {path: shared-path}}]\n"
                + "steps:\n"
                + "  - a: {set: {x: 1}}\n",
            "content-type",
            "application/yaml");
    assertThat(second.status()).isEqualTo(409);
    assertThat(second.code()).isEqualTo("webhook_taken");
  }

  @Test
  void a_rule_of_eventbridge_starts_a_flow() {
    stack.publish("flow: by-rule\nsteps:\n  - a: {set: {x: 1}}\n");
    Map<String, Object> event =
        Map.of("tenant", "acme", "flow", "by-rule", "input", Map.of("a", 1L), "id", "ev-1");
    Map<String, Object> started = TestStack.stream(stack.trigger, event);
    assertThat(started).containsEntry("flow", "by-rule").containsKey("id");
    assertThat(TestStack.stream(stack.trigger, event).get("id")).isEqualTo(started.get("id"));
    assertThatThrownBy(
            () -> TestStack.stream(stack.trigger, Map.of("tenant", "acme", "flow", "nothing")))
        .hasMessageContaining("nothing");
    assertThatThrownBy(() -> TestStack.stream(stack.trigger, Map.of("flow", "by-rule")))
        .hasMessageContaining("tenant");
  }

  // -- ticks, sweeps, migrations

  @Test
  void a_minute_has_thirty_ticks() {
    try (TickFunction tick = new TickFunction(stack.environment)) {
      assertThat(tick.handleRequest(Map.of(), TestStack.CALLED)).containsEntry("sent", 30L);
    }
    Set<String> delays =
        stack.receive("SWEEP").stream().map(message -> message.body()).collect(Collectors.toSet());
    assertThat(delays).contains("{\"delay\":0}");
  }

  @Test
  void a_sweep_finds_what_lost_its_hint() {
    stack.settle();
    String id =
        stack.execute(
            stack.publish("flow: lost-hint\nsteps:\n  - a: {adapter: sandbox, params: {x: 1}}\n"),
            "{}");
    stack.forget("STEP");
    try (SweepFunction sweep = new SweepFunction(stack.environment)) {
      org.awaitility.Awaitility.await()
          .atMost(java.time.Duration.ofSeconds(20))
          .untilAsserted(
              () -> {
                sweep.handleRequest(new SQSEvent(), TestStack.CALLED);
                stack.settle();
                assertThat(execution(id)).containsEntry("status", "completed");
              });
    }
  }

  @Test
  void step_runners_sweep_when_no_ticks_come() {
    stack.settle();
    String id =
        stack.execute(
            stack.publish("flow: no-ticks\nsteps:\n  - a: {adapter: sandbox, params: {x: 1}}\n"),
            "{}");
    stack.forget("STEP");
    SQSEvent nothing = new SQSEvent();
    nothing.setRecords(List.of());
    try (StepRunnerFunction runner = new StepRunnerFunction(stack.environment)) {
      org.awaitility.Awaitility.await()
          .atMost(java.time.Duration.ofSeconds(20))
          .untilAsserted(
              () -> {
                runner.handleRequest(nothing, TestStack.CALLED);
                stack.settle();
                assertThat(execution(id)).containsEntry("status", "completed");
              });
    }
  }

  @Test
  void a_deployment_migrates_and_tells_cloudformation() throws Exception {
    AtomicReference<String> told = new AtomicReference<>();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/answer",
        exchange -> {
          told.set(
              exchange.getRequestMethod()
                  + " "
                  + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    try {
      MigrateFunction migrate = new MigrateFunction(stack.environment);
      assertThat(TestStack.stream(migrate, Map.of())).containsEntry("applied", 0L);
      String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/answer";
      Map<String, Object> event =
          Map.of(
              "RequestType",
              "Update",
              "ResponseURL",
              url,
              "StackId",
              "s",
              "RequestId",
              "r",
              "LogicalResourceId",
              "Migration");
      TestStack.stream(migrate, event);
      assertThat(told.get()).startsWith("PUT ");
      assertThat(Template.map(Json.read(told.get().substring(4))))
          .containsEntry("Status", "SUCCESS")
          .containsEntry("RequestId", "r")
          .containsEntry("PhysicalResourceId", "schema");
      Map<String, String> elsewhere = new java.util.HashMap<>(stack.environment);
      elsewhere.put("DATABASE_URL", "jdbc:postgresql://127.0.0.1:1/nowhere");
      TestStack.stream(new MigrateFunction(elsewhere), event);
      assertThat(told.get()).contains("\"Status\":\"FAILED\"").doesNotContain("jdbc");
    } finally {
      server.stop(0);
    }
  }
}
