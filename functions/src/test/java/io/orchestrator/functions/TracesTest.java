package io.orchestrator.functions;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.engine.Callbacks;
import io.orchestrator.functions.Collector.Got;
import io.orchestrator.functions.TestStack.Answer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The spans of one execution over request, queue, step runner, adapter, callback and resume, as a
 * collector gets them.
 */
class TracesTest {
  private static final String CLIENT = "00f067aa0ba902b7";
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String HEADER = "00-" + TRACE + "-" + CLIENT + "-01";
  private static final int INTERNAL = 1;
  private static final int SERVER = 2;
  private static final int CLIENT_KIND = 3;
  private static final int CONSUMER = 5;

  private static Collector collector;
  private static Partner partner;
  private static TestStack stack;

  @BeforeAll
  static void start() throws Exception {
    collector = new Collector();
    partner =
        new Partner(
            call ->
                switch (call.path()) {
                  case "/api/reserve" ->
                      new Partner.Answer(
                          reservations(call) == 1 ? 503 : 200, "{\"reserved\": true}");
                  case "/api/bad" -> new Partner.Answer(422, "{\"error\": \"no\"}");
                  default -> new Partner.Answer(200, "{\"ok\": true}");
                });
    stack =
        new TestStack(
            Map.of(
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                collector.endpoint() + "/",
                "OTEL_EXPORTER_OTLP_HEADERS",
                "x-collector-key=k%201",
                "EGRESS_ALLOW",
                "127.0.0.0/8"));
    Answer adapter =
        stack.call(
            stack.admin(),
            "PUT",
            "/adapters/partner",
            partner.adapter(
                "partner",
                """
                reserve: {method: POST, path: /reserve}
                ask: {method: POST, path: "/ask/{who}", body: {url: $callback.url}}
                bad: {method: POST, path: /bad}
                plain: {method: GET, path: /plain}
                """),
            "content-type",
            "application/yaml");
    assertThat(adapter.status()).as(adapter.body()).isEqualTo(201);
  }

  private static long reservations(Partner.Call call) {
    return partner.calls().stream()
        .filter(
            one ->
                one.path().equals(call.path())
                    && one.headers()
                        .get("idempotency-key")
                        .equals(call.headers().get("idempotency-key")))
        .count();
  }

  @AfterAll
  static void stop() {
    stack.close();
    partner.close();
    collector.close();
  }

  private static String start(String flow, String... headers) {
    Answer answer = stack.call(stack.admin(), "POST", "/flows/" + flow + "/execute", "{}", headers);
    assertThat(answer.status()).as(answer.body()).isEqualTo(202);
    return (String) answer.json().get("id");
  }

  /** The spans of an execution's trace, by when they began. */
  private static List<Got> trace(String id) {
    Got flow =
        collector.spans().stream()
            .filter(
                s ->
                    s.name().startsWith("flow ")
                        && id.equals(s.attribute("orchestrator.execution.id")))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no span of " + id + " in " + collector.spans()));
    return collector.spans().stream()
        .filter(s -> s.trace().equals(flow.trace()))
        .sorted(Comparator.comparingLong(Got::begun))
        .toList();
  }

  private static Got one(List<Got> spans, String name) {
    List<Got> found = spans.stream().filter(s -> s.name().equals(name)).toList();
    assertThat(found).as(name + " in " + spans.stream().map(Got::name).toList()).hasSize(1);
    return found.getFirst();
  }

  private static void isWhole(List<Got> spans, String... strangers) {
    Map<String, Got> byId = new HashMap<>();
    spans.forEach(span -> assertThat(byId.put(span.id(), span)).as(span.id()).isNull());
    List<String> known = new ArrayList<>(List.of(strangers));
    known.add("");
    known.addAll(byId.keySet());
    assertThat(spans)
        .allSatisfy(span -> assertThat(known).as(span.toString()).contains(span.parent()));
    assertThat(spans)
        .allSatisfy(span -> assertThat(span.ended()).isGreaterThanOrEqualTo(span.begun()));
  }

  @Test
  void one_tree_from_the_request_over_queue_calls_and_callback_to_the_end() {
    stack.publish(
        """
        flow: traced
        steps:
          - reserve: {adapter: partner, action: reserve, retry: {attempts: 3, delay: 10ms}}
          - both:
              parallel:
                - left: {adapter: partner, action: plain}
                - right: {set: {x: 1}}
          - ask: {adapter: partner, action: ask, params: {who: ann}, await: {callback: true, timeout: 1h}}
          - done: {set: {y: 2}}
        """);
    String id = start("traced", "traceparent", HEADER, "tracestate", "shop=a,desk=b");
    stack.settle();
    Partner.Call asked =
        partner.calls().stream()
            .filter(c -> c.path().equals("/api/ask/ann"))
            .findFirst()
            .orElseThrow();
    assertThat(asked.headers().get("tracestate")).isEqualTo("shop=a,desk=b");
    String url = (String) asked.json().get("url");
    Answer answered =
        stack.post(
            false,
            null,
            url.substring(url.indexOf("/callbacks/")),
            "{\"ok\": true}",
            "traceparent",
            asked.headers().get("traceparent"),
            "tracestate",
            asked.headers().get("tracestate"));
    assertThat(answered.status()).as(answered.body()).isEqualTo(200);
    stack.settle();

    List<Got> spans = trace(id);
    isWhole(spans, CLIENT);
    assertThat(spans).allSatisfy(span -> assertThat(span.state()).isEqualTo("shop=a,desk=b"));
    Got request = one(spans, "POST /flows/{flow}/execute");
    assertThat(request.trace()).isEqualTo(TRACE);
    assertThat(request.parent()).isEqualTo(CLIENT);
    assertThat(request.kind()).isEqualTo(SERVER);
    assertThat(request.attributes())
        .containsEntry("http.request.method", "POST")
        .containsEntry("http.route", "/flows/{flow}/execute")
        .containsEntry("http.response.status_code", 202L);
    assertThat(request.resource()).containsEntry("service.name", "orchestrator");

    Got flow = one(spans, "flow traced");
    assertThat(flow.parent()).isEqualTo(request.id());
    assertThat(flow.kind()).isEqualTo(INTERNAL);
    assertThat(flow.error()).isFalse();
    assertThat(flow.attributes())
        .containsEntry("orchestrator.execution.id", id)
        .containsEntry("orchestrator.flow.name", "traced")
        .containsEntry("orchestrator.execution.status", "completed")
        .containsEntry("orchestrator.tenant", "acme")
        .containsKey("orchestrator.flow.version");

    List<Got> messages = spans.stream().filter(s -> s.kind() == CONSUMER).toList();
    assertThat(messages).isNotEmpty();
    assertThat(messages)
        .allSatisfy(
            message -> {
              assertThat(message.parent()).isEqualTo(flow.id());
              assertThat(message.name()).startsWith("process STEP-");
              assertThat(message.attributes())
                  .containsEntry("messaging.system", "aws_sqs")
                  .containsEntry("messaging.operation.type", "process")
                  .containsKeys("messaging.destination.name", "messaging.message.id");
            });

    List<Got> reserves = spans.stream().filter(s -> s.name().equals("step reserve")).toList();
    assertThat(reserves).hasSize(2);
    assertThat(reserves).extracting(Got::error).containsExactly(true, false);
    assertThat(reserves)
        .extracting(s -> s.attribute("orchestrator.step.attempt"))
        .containsExactly(1L, 2L);
    assertThat(reserves).allSatisfy(s -> assertThat(s.parent()).isEqualTo(flow.id()));
    List<Got> calls = spans.stream().filter(s -> s.name().equals("POST /api/reserve")).toList();
    assertThat(calls)
        .extracting(Got::parent)
        .containsExactly(reserves.get(0).id(), reserves.get(1).id());
    assertThat(calls).allSatisfy(s -> assertThat(s.kind()).isEqualTo(CLIENT_KIND));
    assertThat(calls.get(0).error()).isTrue();
    assertThat(calls.get(0).attributes())
        .containsEntry("http.response.status_code", 503L)
        .containsEntry("error.type", "503")
        .containsEntry("server.address", "127.0.0.1")
        .containsEntry("server.port", (long) partner.port())
        .containsEntry("url.template", "/api/reserve")
        .containsEntry("orchestrator.adapter", "partner")
        .containsEntry("orchestrator.action", "reserve");
    assertThat(calls.get(1).attributes())
        .containsEntry("http.response.status_code", 200L)
        .containsEntry("http.request.resend_count", 1L)
        .doesNotContainKey("error.type");

    Got both = one(spans, "step both");
    assertThat(one(spans, "step left").parent()).isEqualTo(both.id());
    assertThat(one(spans, "step right").parent()).isEqualTo(both.id());
    assertThat(one(spans, "GET /api/plain").parent()).isEqualTo(one(spans, "step left").id());

    Got call = one(spans, "POST /api/ask/{who}");
    assertThat(asked.headers().get("traceparent"))
        .isEqualTo("00-" + TRACE + "-" + call.id() + "-01");
    Got ask = one(spans, "step ask");
    assertThat(call.parent()).isEqualTo(ask.id());
    Got callback = one(spans, "POST /callbacks/{token}");
    assertThat(callback.parent()).isEqualTo(call.id());
    assertThat(callback.kind()).isEqualTo(SERVER);
    assertThat(ask.ended()).isGreaterThanOrEqualTo(call.ended());
    assertThat(one(spans, "step done").parent()).isEqualTo(flow.id());
    assertThat(collector.keys()).containsOnly("k 1");
    assertThat(collector.raw()).doesNotContain(url.substring(url.lastIndexOf('/') + 1));
  }

  @Test
  void whoever_answers_without_a_context_joins_the_trace_of_the_execution() {
    stack.publish("flow: asks-plainly\nsteps:\n  - ask: {await: {callback: true}}\n");
    String id = start("asks-plainly");
    stack.settle();
    byte[] key =
        stack.environment.get("ORCHESTRATOR_SECRET_CALLBACK").getBytes(StandardCharsets.UTF_8);
    String token = new Callbacks(key, "").token(UUID.fromString(id), "ask");
    assertThat(stack.post(false, null, "/callbacks/" + token, "{}").status()).isEqualTo(200);
    stack.settle();
    List<Got> spans = trace(id);
    isWhole(spans);
    assertThat(one(spans, "POST /flows/{flow}/execute").parent()).isEmpty();
    assertThat(one(spans, "POST /callbacks/{token}").parent())
        .isEqualTo(one(spans, "flow asks-plainly").id());
  }

  @Test
  void whoever_answers_in_another_trace_has_a_link_to_the_execution() {
    stack.publish("flow: asks-strangers\nsteps:\n  - ask: {await: {signal: yes}}\n");
    String id = start("asks-strangers");
    stack.settle();
    String other = "00-aaaabbbbccccddddaaaabbbbccccdddd-00f067aa0ba902b7-01";
    assertThat(
            stack
                .call(
                    stack.admin(),
                    "POST",
                    "/executions/" + id + "/signals/yes",
                    "{}",
                    "traceparent",
                    other)
                .status())
        .isEqualTo(202);
    stack.settle();
    Got flow = one(trace(id), "flow asks-strangers");
    assertThat(collector.spans())
        .filteredOn(s -> s.trace().equals("aaaabbbbccccddddaaaabbbbccccdddd"))
        .singleElement()
        .satisfies(
            s -> {
              assertThat(s.name()).isEqualTo("POST /executions/{id}/signals/{name}");
              assertThat(s.links()).containsExactly(flow.trace() + "/" + flow.id());
            });
  }

  @Test
  void a_timer_goes_on_in_the_same_trace_and_a_failure_is_an_error_by_its_type() {
    stack.publish(
        """
        flow: times-out
        steps:
          - nap: {wait: 1s}
          - call: {adapter: partner, action: bad}
        """);
    String id = start("times-out");
    Awaitility.await()
        .atMost(Duration.ofSeconds(15))
        .until(
            () -> {
              stack.settle();
              return collector.spans().stream().anyMatch(s -> s.name().equals("flow times-out"));
            });
    List<Got> spans = trace(id);
    isWhole(spans);
    Got flow = one(spans, "flow times-out");
    assertThat(flow.error()).isTrue();
    assertThat(flow.attribute("error.type"))
        .isEqualTo(one(spans, "step call").attribute("error.type"));
    assertThat(one(spans, "step call").error()).isTrue();
    assertThat(one(spans, "POST /api/bad").attribute("error.type")).isEqualTo("422");
    assertThat(one(spans, "step nap").ended() - one(spans, "step nap").begun())
        .isGreaterThan(900_000_000L);
    assertThat(spans.stream().filter(s -> s.kind() == CONSUMER).count()).isEqualTo(1);
  }

  @Test
  void a_sub_flow_is_part_of_the_step_that_starts_it() {
    stack.publish("flow: small-child\nsteps:\n  - inner: {set: {x: 1}}\n");
    stack.publish("flow: big-parent\nsteps:\n  - sub: {flow: small-child}\n");
    String id = start("big-parent");
    stack.settle();
    List<Got> spans = trace(id);
    isWhole(spans);
    assertThat(one(spans, "flow small-child").parent()).isEqualTo(one(spans, "step sub").id());
    assertThat(one(spans, "step inner").parent()).isEqualTo(one(spans, "flow small-child").id());
  }

  @Test
  void who_does_not_sample_gets_nothing() {
    stack.publish("flow: unsampled\nsteps:\n  - a: {adapter: partner, action: plain}\n");
    String trace = "11112222333344441111222233334444";
    start("unsampled", "traceparent", "00-" + trace + "-00f067aa0ba902b7-00");
    stack.settle();
    assertThat(partner.calls().getLast().headers().get("traceparent"))
        .startsWith("00-" + trace)
        .endsWith("-00");
    assertThat(collector.spans()).noneMatch(s -> s.trace().equals(trace));
  }
}
