package io.orchestrator.adapter.sandbox;

import static io.orchestrator.adapter.Calling.call;
import static io.orchestrator.adapter.Calling.data;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.orchestrator.adapter.AdapterCatalog;
import io.orchestrator.adapter.Adapters;
import io.orchestrator.adapter.AllowList;
import io.orchestrator.adapter.Answer;
import io.orchestrator.adapter.Calling;
import io.orchestrator.adapter.Definition;
import io.orchestrator.adapter.http.Egress;
import io.orchestrator.adapter.http.NameServer;
import io.orchestrator.execution.Failure;
import io.orchestrator.expression.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SandboxTest {
  private final Egress egress = new Egress(NameServer.SYSTEM, AllowList.parse("127.0.0.0/8,::1"));
  private final Adapters adapters =
      Calling.adapters(new BuiltIns(), Map.of("sandbox", new SandboxType(egress)));
  private final AdapterCatalog catalog = new AdapterCatalog("acme", new BuiltIns());

  @AfterEach
  void close() throws IOException {
    egress.close();
  }

  private Answer answer(Calling calling) {
    return adapters.call(calling.build());
  }

  private Failure failure(Calling calling) {
    assertThat(answer(calling)).isInstanceOf(Answer.Refused.class);
    return ((Answer.Refused) answer(calling)).failure();
  }

  @ParameterizedTest
  @CsvSource({
    "iam, verify_token",
    "prompt_service, get_template",
    "retell, start_call",
    "authenticate,",
    "create_account,",
    "send_welcome_email,",
    "send_email,",
    "send_sms,",
    "update_crm,",
    "ai,",
    "route_to_finance,",
    "route_to_support,",
    "stripe,",
    "log_failure,",
    "notify_admin,",
    "fallback_to_manual,"
  })
  void everything_that_the_example_flows_call_answers_the_same_each_time(
      String adapter, String action) {
    Calling calling = call(adapter, action, "{'templateId': 'support-agent-v1'}");
    assertThat(answer(calling)).isInstanceOf(Answer.Done.class).isEqualTo(answer(calling));
  }

  @Test
  void every_built_in_has_a_default_action_and_its_own_name() {
    assertThat(catalog.names()).hasSize(17);
    for (String name : catalog.names()) {
      Definition definition = catalog.find(name);
      assertThat(definition.adapter()).isEqualTo(name);
      assertThat(definition.action(null)).isNotNull();
    }
    assertThat(catalog.adaptersWithAction("verify_token")).containsExactly("iam");
    assertThat(catalog.adaptersWithAction("nothing")).isEmpty();
    assertThat(catalog.find("nobody")).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "my invoice is wrong, billing",
    "I want a REFUND, billing",
    "charged twice, billing",
    "the app crashes, support",
    "hello, support"
  })
  void the_classifier_knows_billing_by_its_words(String text, String category) {
    assertThat(answer(call("ai", null, Map.of("text", text))))
        .isEqualTo(new Answer.Done(Map.of("category", category), "ai"));
  }

  @Test
  void echo_answers_its_params_without_script_and_secrets() {
    assertThat(answer(call("sandbox", null, Map.of("a", 1L, "key", new Secret("key")))))
        .isEqualTo(new Answer.Done(Map.of("a", 1L, "key", "***"), "sandbox"));
    assertThat(answer(call("sandbox", "echo", "[1, 'x']")))
        .isEqualTo(new Answer.Done(data("[1, 'x']"), "sandbox"));
  }

  @Test
  void the_action_fail_fails_as_its_params_say() {
    Failure told =
        failure(
            call(
                "sandbox",
                "fail",
                "{'type': 'rate_limited', 'message': 'slow down', 'status': 429}"));
    assertThat(told.type()).isEqualTo("rate_limited");
    assertThat(told.message()).isEqualTo("slow down");
    assertThat(told.status()).isEqualTo(429);
    assertThat(told.retryable()).isTrue();
    assertThat(failure(call("sandbox", "fail", "{}")).type()).isEqualTo("adapter_error");
    assertThat(failure(call("sandbox", "fail", "{'type': 'broken'}")).type())
        .isEqualTo("sandbox.broken");
  }

  @Test
  void a_script_fails_the_first_attempts_and_then_answers() {
    String script =
        "{'$sandbox': {'fail': {'type': 'adapter_unavailable', 'times': 2}, 'answer': {'ok':"
            + " true}}}";
    for (int attempt = 1; attempt <= 2; attempt++) {
      Failure failure = failure(call("stripe", null, script).attempt(attempt));
      assertThat(failure.type()).isEqualTo("adapter_unavailable");
      assertThat(failure.retryable()).isTrue();
      assertThat(failure.adapter()).isEqualTo("stripe");
    }
    assertThat(answer(call("stripe", null, script).attempt(3)))
        .isEqualTo(new Answer.Done(Map.of("ok", true), "stripe"));
    assertThat(
            failure(
                    call("stripe", null, "{'$sandbox': {'fail': {'type': 'declined'}}}")
                        .attempt(99))
                .type())
        .isEqualTo("stripe.declined");
  }

  @Test
  void a_script_may_delay_and_a_delay_over_the_timeout_is_one() {
    long before = System.nanoTime();
    answer(call("send_email", null, "{'$sandbox': {'delay': '60ms'}}"));
    assertThat(Duration.ofNanos(System.nanoTime() - before))
        .isGreaterThanOrEqualTo(Duration.ofMillis(60));
    Calling late =
        call("send_email", null, "{'$sandbox': {'delay': '1h'}}").within(Duration.ofMillis(20));
    assertThat(failure(late).type()).isEqualTo("timeout");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1",
        "{'wait': 1}",
        "{'delay': 'soon'}",
        "{'delay': 5}",
        "{'fail': 'x'}",
        "{'fail': {'times': -1}}",
        "{'fail': {'times': 'x'}}",
        "{'fail': {'kind': 'x'}}",
        "{'callback': {'when': '1s'}}",
        "{'callback': {}}"
      })
  void a_script_that_is_none_is_refused(String script) {
    assertThat(failure(call("send_email", null, "{'$sandbox': " + script + "}")).type())
        .isEqualTo("validation");
  }

  @Test
  void an_awaited_call_is_answered_later_and_called_back_only_when_told() throws Exception {
    BlockingQueue<String> calls = new LinkedBlockingQueue<>();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          calls.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body);
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    try {
      String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/callbacks/abc";
      assertThat(answer(call("retell", "start_call", "{}").awaiting(url)))
          .isEqualTo(new Answer.Later(data("{'call_id': 'call-1', 'status': 'registered'}")));
      String script =
          "{'$sandbox': {'callback': {'after': '10ms', 'body': {'outcome': 'solved'}}}}";
      assertThat(answer(call("retell", "start_call", script).awaiting(url)))
          .isInstanceOf(Answer.Later.class);
      assertThat(calls.poll(10, TimeUnit.SECONDS))
          .isEqualTo("POST /callbacks/abc {\"outcome\":\"solved\"}");
      String failing = "{'$sandbox': {'callback': {'body': {'type': 'busy'}, 'outcome': 'error'}}}";
      answer(call("retell", "start_call", failing).awaiting(url));
      assertThat(calls.poll(10, TimeUnit.SECONDS))
          .isEqualTo("POST /callbacks/abc?outcome=error {\"type\":\"busy\"}");
      assertThat(calls).isEmpty();
    } finally {
      server.stop(0);
    }
  }

  @Test
  void without_the_sandbox_type_nothing_answers() {
    Adapters cloud = Calling.adapters(new BuiltIns(), Map.of());
    Answer answer = cloud.call(call("stripe", null, "{}").build());
    assertThat(((Answer.Refused) answer).failure().type()).isEqualTo("adapter_error");
  }
}
