package io.orchestrator.local.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.orchestrator.expression.Json;
import io.orchestrator.local.acceptance.Api.Reply;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What users do, over HTTP; the same on every way to run the system. Every test is a tenant of its
 * own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class Acceptance {
  private static final AtomicInteger TENANTS = new AtomicInteger();

  private Target target;
  private String tenant;
  private Api api;

  /** Starts the system with an empty folder for its data. */
  abstract Target start(Path folder);

  @BeforeAll
  void start_system(@TempDir Path folder) {
    target = start(folder);
  }

  @AfterAll
  void stop_system() {
    if (target != null) {
      target.close();
    }
  }

  @BeforeEach
  void be_a_new_tenant() {
    tenant = "tenant-" + TENANTS.incrementAndGet();
    api = Api.of(target, tenant);
  }

  @AfterEach
  void leave() {
    api.close();
  }

  // -- the examples

  @ParameterizedTest
  @CsvSource({
    "customer-support,3",
    "onboarding,3",
    "multi-channel-notify,4",
    "support-routing,4",
    "payment-processing,1"
  })
  void an_example_is_published_as_written_and_completes(String flow, int steps) {
    byte[] text = Project.example(flow, "flow.yaml");
    Reply published = api.send("POST", "/flows", "application/yaml", text).is(201);
    assertThat(published.get("version")).isEqualTo("1.0.0");
    assertThat(api.getYaml("/flows/" + flow).is(200).body())
        .isEqualTo(new String(text, StandardCharsets.UTF_8));
    Map<String, Object> execution =
        api.post(
                "/flows/" + flow + "/execute?wait=20s",
                "{\"input\": {\"text\": \"my invoice is wrong\"}}")
            .is(200)
            .json();
    assertThat(execution).containsEntry("status", "completed").containsEntry("error", null);
    assertThat(Api.maps(execution.get("steps"))).hasSize(steps);
    assertThat(execution.get("output")).isNotNull();
  }

  @Test
  void the_voice_example_waits_for_its_call_and_goes_on_with_the_answer() {
    api.send(
            "PUT",
            "/adapters/retell",
            "application/yaml",
            Project.example("customer-support-voice", "adapters/retell.yaml"))
        .is(201);
    api.publish(
        new String(Project.example("customer-support-voice", "flow.yaml"), StandardCharsets.UTF_8));
    String id =
        api.start(
            "customer-support-voice",
            "{\"token\": \"t-1\", \"phone\": \"+49301234567\", \"problem\": \"my invoice is"
                + " wrong\", \"email\": \"ada@example.com\"}");
    waits(id);
    Map<String, Object> waiting =
        api.history(id).stream()
            .filter(line -> line.get("event").equals("step_waiting"))
            .findFirst()
            .orElseThrow();
    String url = (String) Api.map(Api.map(waiting.get("data")).get("call")).get("callback_url");
    assertThat(url).startsWith(target.url() + "/callbacks/");
    nobody()
        .post(url, "{\"transcript\": \"I was charged twice for my invoice.\", \"duration_s\": 94}")
        .is(200);
    Map<String, Object> ended = api.ended(id);
    assertThat(ended).containsEntry("status", "completed");
    assertThat(Api.map(ended.get("output")))
        .containsEntry("reached", true)
        .containsEntry("category", "billing");
  }

  // -- failing and waiting

  @Test
  void a_charge_that_always_fails_is_tried_three_times_then_handled_in_order() {
    try (Service stripe = new Service(call -> new Service.Answer(503, "{}"))) {
      api.adapter("stripe", stripe.adapter("stripe", "charge"));
      api.publish(
          new String(Project.example("payment-processing", "flow.yaml"), StandardCharsets.UTF_8));
      Map<String, Object> ended = api.ended(api.start("payment-processing", "{\"amount\": 5}"));
      assertThat(ended).containsEntry("status", "failed").containsEntry("handled", true);
      assertThat(Api.map(ended.get("error")))
          .containsEntry("type", "adapter_unavailable")
          .containsEntry("attempt", 3L);
      assertThat(stripe.calls()).hasSize(3);
      assertThat(stripe.calls().stream().map(Service.Call::key).distinct()).hasSize(1);
      assertThat(
              Api.maps(ended.get("steps")).stream()
                  .filter(step -> !step.get("id").equals("charge_card"))
                  .sorted(
                      Comparator.comparing(step -> Instant.parse((String) step.get("started_at"))))
                  .map(step -> step.get("id") + " " + step.get("status")))
          .containsExactly(
              "log_failure completed", "notify_admin completed", "fallback_to_manual completed");
    }
  }

  @Test
  void three_calls_side_by_side_take_as_long_as_one() {
    String call = ": {adapter: sandbox, action: echo, params: {$sandbox: {delay: 300ms}}}\n";
    api.publish(
        "flow: at-once\nsteps:\n  - all:\n      parallel:\n        - a"
            + call
            + "        - b"
            + call
            + "        - c"
            + call);
    api.ended(api.start("at-once", "{}"));
    Map<String, Object> warm = api.ended(api.start("at-once", "{}"));
    Object took = Api.step(warm, "all").get("duration_ms");
    assertThat((Long) took).isBetween(300L, 700L);
  }

  @Test
  void a_failing_branch_cancels_the_others() {
    api.publish(
        """
        flow: one-fails
        steps:
          - all:
              parallel:
                - bad: {adapter: sandbox, action: fail, params: {type: conflict}}
                - slow: {wait: 1h}
        """);
    Map<String, Object> ended = api.ended(api.start("one-fails", "{}"));
    assertThat(ended).containsEntry("status", "failed");
    assertThat(Api.step(ended, "slow")).containsEntry("status", "cancelled");
  }

  // -- callbacks

  private static final String ASKS =
      """
      flow: asks
      steps:
        - ask:
            adapter: phone
            params: {callback: $callback.url}
            await: {callback: true, timeout: 60s}
        - after: {set: {got: $ask.ok}}
      output: $ask
      """;

  private void waits(String id) {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> "waiting".equals(api.execution(id).get("status")));
  }

  private Api nobody() {
    return new Api(target.url(), null);
  }

  @Test
  void ten_equal_answers_at_once_resume_once_and_another_one_is_refused() throws Exception {
    try (Service phone = new Service(call -> new Service.Answer(200, "{\"rings\": true}"));
        Api nobody = nobody()) {
      api.adapter("phone", phone.adapter("phone", "call"));
      api.publish(ASKS);
      String id = api.start("asks", "{}");
      waits(id);
      String url = (String) phone.calls().getFirst().body().get("callback");
      assertThat(atOnce(10, () -> nobody.post(url, "{\"ok\": true, \"n\": 1}")))
          .extracting(Reply::status)
          .containsOnly(200);
      nobody.post(url, "{\"n\": 1.0, \"ok\": true}").is(200);
      problem(nobody.post(url, "{\"ok\": false}"), 409);
      Map<String, Object> ended = api.ended(id);
      assertThat(ended).containsEntry("status", "completed");
      assertThat(Json.canonical(ended.get("output")))
          .isEqualTo(Json.canonical(Map.of("ok", true, "n", 1L)));
      assertThat(
              api.history(id).stream()
                  .filter(
                      line ->
                          line.get("event").equals("step_completed")
                              && line.get("step").equals("ask")))
          .hasSize(1);
      assertThat(phone.calls()).hasSize(1);
    }
  }

  @Test
  void an_answer_during_the_call_that_announces_it_is_kept() {
    AtomicReference<Integer> early = new AtomicReference<>();
    try (Api nobody = nobody();
        Service phone =
            new Service(
                call -> {
                  early.set(
                      nobody
                          .post((String) call.body().get("callback"), "{\"ok\": \"early\"}")
                          .status());
                  return new Service.Answer(200, "{}");
                })) {
      api.adapter("phone", phone.adapter("phone", "call"));
      api.publish(ASKS);
      Map<String, Object> ended = api.ended(api.start("asks", "{}"));
      // The execution may end before the poster hears of it.
      await().untilAsserted(() -> assertThat(early.get()).isEqualTo(200));
      assertThat(ended)
          .containsEntry("status", "completed")
          .containsEntry("output", Map.of("ok", "early"));
      assertThat(phone.calls()).hasSize(1);
    }
  }

  @Test
  void an_answer_after_the_timeout_or_a_cancel_is_gone_and_an_unknown_one_not_found() {
    try (Service phone = new Service(call -> new Service.Answer(200, "{}"));
        Api nobody = nobody()) {
      api.adapter("phone", phone.adapter("phone", "call"));
      api.publish(ASKS.replace("60s", "1s"));
      Map<String, Object> late = api.ended(api.start("asks", "{}"));
      assertThat(Api.map(late.get("error"))).containsEntry("type", "timeout");
      problem(nobody.post((String) phone.calls().getFirst().body().get("callback"), "{}"), 410);

      api.publish(ASKS.replace("flow: asks", "flow: asks-long"));
      String id = api.start("asks-long", "{}");
      waits(id);
      api.post("/executions/" + id + "/cancel", "{}").is(202);
      problem(nobody.post((String) phone.calls().getLast().body().get("callback"), "{}"), 410);
      problem(api.post("/executions/" + id + "/cancel", "{}"), 409);
      problem(nobody.post("/callbacks/unknown", "{}"), 404);
    }
  }

  // -- starting

  @Test
  void twenty_equal_starts_with_one_key_are_one_execution() throws Exception {
    api.publish("flow: once\nsteps:\n  - a: {set: {x: 1}}\n");
    List<Reply> replies =
        atOnce(
            20,
            () ->
                api.post(
                    "/flows/once/execute", "{\"input\": {\"a\": 1}}", "idempotency-key", "k1"));
    assertThat(replies).extracting(Reply::status).containsOnly(202);
    assertThat(replies.stream().map(reply -> reply.text("id")).distinct()).hasSize(1);
    assertThat(Api.maps(api.get("/executions?flow=once").get("items"))).hasSize(1);
    problem(
        api.post("/flows/once/execute", "{\"input\": {\"a\": 2}}", "idempotency-key", "k1"), 422);
  }

  @Test
  void a_webhook_starts_its_flow() {
    api.publish(
        """
        flow: hooked
        triggers:
          - webhook: {path: orders, verify: none, filter: $trigger.body.type == 'new', dedupe: "$trigger.headers['x-event']", input: $trigger.body.order}
        steps:
          - keep: {set: {order: $input.id}}
        output: $input
        """);
    try (Api nobody = nobody()) {
      String path = "/hooks/" + tenant + "/orders";
      Reply first =
          nobody.post(path, "{\"type\": \"new\", \"order\": {\"id\": 7}}", "x-event", "e1").is(202);
      Reply again =
          nobody.post(path, "{\"type\": \"new\", \"order\": {\"id\": 7}}", "x-event", "e1").is(202);
      assertThat(again.text("id")).isEqualTo(first.text("id"));
      assertThat(nobody.post(path, "{\"type\": \"old\"}", "x-event", "e2").is(200).get("status"))
          .isEqualTo("ignored");
      assertThat(api.ended(first.text("id")))
          .containsEntry("status", "completed")
          .containsEntry("output", Map.of("id", 7L));
      problem(nobody.post("/hooks/" + tenant + "/nowhere", "{}"), 404);
    }
  }

  @Test
  void an_execution_whose_hint_is_lost_goes_on_within_five_seconds() {
    api.publish(
        "flow: sleeps\n"
            + "steps:\n"
            + "  - nap: {wait: 3s}\n"
            + "  - after: {adapter: sandbox, params: {awake: true}}\n");
    String id = api.start("sleeps", "{}");
    waits(id);
    target.loseHints();
    Map<String, Object> ended = api.ended(id);
    assertThat(ended).containsEntry("status", "completed");
    Duration took =
        Duration.between(
            Instant.parse((String) ended.get("started_at")),
            Instant.parse((String) ended.get("ended_at")));
    assertThat(took).isBetween(Duration.ofSeconds(3), Duration.ofSeconds(3 + 5));
  }

  @Test
  void a_trace_goes_from_the_request_to_the_calls_and_back() {
    try (Service service = new Service(call -> new Service.Answer(200, "{}"))) {
      api.adapter("traced", service.adapter("traced", "go"));
      api.publish(
          "flow: traces\nsteps:\n  - a: {adapter: traced}\n  - nap: {wait: 1s}\n  - b: {adapter:"
              + " traced}\n");
      String trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

      Reply started = api.post("/flows/traces/execute", "{}", "traceparent", trace).is(202);

      assertThat(started.response().headers().firstValue("traceparent")).hasValue(trace);
      assertThat(api.ended(started.text("id"))).containsEntry("status", "completed");
      assertThat(service.calls())
          .hasSize(2)
          .allMatch(call -> call.trace().startsWith("00-4bf92f3577b34da6a3ce929d0e0e4736-"))
          .noneMatch(call -> call.trace().equals(trace));
    }
  }

  // -- bad input

  static Stream<String> broken() {
    StringBuilder many = new StringBuilder("flow: many\nsteps:\n");
    for (int i = 0; i < 51; i++) {
      many.append("  - s").append(i).append(": {set: {x: 1}}\n");
    }
    return Stream.of(
        "flow: [",
        "",
        "flow: x\nflow: y\n",
        "just text",
        "flow: x\nsteps:\n  - nobody_knows_this\n",
        "flow: x\nsteps: []\n",
        "flow: x\nsteps:\n  - a: {set: {x: $nothing}}\n",
        "flow: x\nsteps:\n  - a: &b {set: {x: 1}}\n",
        many.toString());
  }

  @ParameterizedTest
  @org.junit.jupiter.params.provider.MethodSource("broken")
  void a_text_that_is_no_flow_is_refused_with_all_that_is_wrong(String text) {
    long flows = target.rows("flows");
    Reply reply =
        api.send("POST", "/flows", "application/yaml", text.getBytes(StandardCharsets.UTF_8));
    problem(reply, 400);
    assertThat(Api.maps(reply.get("errors")))
        .isNotEmpty()
        .allSatisfy(
            error ->
                assertThat(error)
                    .containsKeys("code", "path", "line", "column", "message", "hint"));
    assertThat(target.rows("flows")).isEqualTo(flows);
  }

  @Test
  void too_much_is_refused_before_anybody_reads_it() {
    byte[] five = "x".repeat(5 * 1024 * 1024).getBytes(StandardCharsets.UTF_8);
    problem(api.send("POST", "/flows", "application/yaml", five), 413);
    problem(api.send("POST", "/flows/any/execute", "application/json", five), 413);
    try (Api nobody = nobody()) {
      problem(nobody.send("POST", "/flows", "application/yaml", five), 401);
    }
    byte[] eleven = "x".repeat(11 * 1024 * 1024).getBytes(StandardCharsets.UTF_8);
    problem(api.send("POST", "/flows", "application/yaml", eleven), 413);
    assertThat(Api.maps(api.get("/flows").get("items"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"input\": ",
        "[1]",
        "{\"inpt\": {}}",
        "{\"input\": {\"n\": 1e999}}",
        "{\"a\": 1, \"a\": 2}",
        "{\"input\": {\"x\": \"\\u0000\"}}"
      })
  void a_start_with_a_bad_body_is_refused_and_starts_nothing(String body) {
    api.publish("flow: strict\nsteps:\n  - a: {set: {x: 1}}\n");
    problem(api.post("/flows/strict/execute", body), 400);
    assertThat(Api.maps(api.get("/executions").get("items"))).isEmpty();
  }

  @Test
  void input_that_does_not_fit_the_schema_starts_nothing() {
    api.publish(
        "flow: typed\ninput: {amount: integer}\nsteps:\n  - a: {set: {x: $input.amount}}\n");
    Reply reply = api.post("/flows/typed/execute", "{\"input\": {\"amount\": \"five\"}}");
    problem(reply, 400);
    assertThat(Api.maps(reply.get("errors")))
        .anySatisfy(error -> assertThat((String) error.get("path")).contains("amount"));
    assertThat(Api.maps(api.get("/executions").get("items"))).isEmpty();
  }

  @Test
  void who_may_not_or_does_not_exist_is_told_so() {
    api.publish("flow: mine\nsteps:\n  - a: {set: {x: 1}}\n");
    String id = api.start("mine", "{}");
    try (Api nobody = nobody();
        Api forged =
            new Api(
                target.url(),
                target.token(tenant, "flow:admin").replaceFirst(".$", "").concat("~"));
        Api reader = new Api(target.url(), target.token(tenant, "flow:read"));
        Api other = Api.of(target, tenant + "-other")) {
      Reply anonymous = nobody.get("/flows");
      problem(anonymous, 401);
      assertThat(anonymous.response().headers().firstValue("www-authenticate")).isPresent();
      assertThat(anonymous.json()).containsKey("iam_url");
      problem(forged.get("/flows"), 401);
      Reply forbidden = reader.post("/flows/mine/execute", "{}");
      problem(forbidden, 403);
      assertThat(forbidden.body()).contains("flow:execute");
      for (String path :
          List.of("/flows/mine", "/executions/" + id, "/executions/" + id + "/history")) {
        problem(other.get(path), 404);
      }
      problem(other.post("/flows/mine/execute", "{}"), 404);
      problem(other.post("/executions/" + id + "/cancel", "{}"), 404);
      for (String path :
          List.of(
              "/flows/unknown",
              "/executions/not-an-id",
              "/executions/01a20408-719e-7d04-bb9c-3c5678b4280f",
              "/nothing")) {
        problem(api.get(path), 404);
      }
      problem(api.send("DELETE", "/flows", "application/json", new byte[0]), 405);
      problem(api.send("POST", "/flows", "text/html", "<p>".getBytes(StandardCharsets.UTF_8)), 415);
    }
    assertThat(api.ended(id)).containsEntry("status", "completed");
  }

  private static void problem(Reply reply, int status) {
    reply.is(status);
    assertThat(reply.type()).startsWith("application/problem+json");
    assertThat(reply.json())
        .containsEntry("status", (long) status)
        .containsKeys("type", "title", "detail", "code", "errors");
    assertThat(reply.body()).doesNotContain("Exception", "java.", "select ");
  }

  private static <T> List<T> atOnce(int count, Callable<T> does) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<T>> all = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        all.add(does);
      }
      List<T> results = new ArrayList<>();
      for (Future<T> one : threads.invokeAll(all)) {
        results.add(one.get());
      }
      return results;
    }
  }
}
