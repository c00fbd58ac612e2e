package io.orchestrator.adapter.http;

import static io.orchestrator.adapter.Calling.call;
import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.adapter.Adapters;
import io.orchestrator.adapter.AllowList;
import io.orchestrator.adapter.Answer;
import io.orchestrator.adapter.Calling;
import io.orchestrator.adapter.Limits;
import io.orchestrator.execution.Failure;
import io.orchestrator.expression.Secret;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class HttpTypeTest {
  private static final Duration SHORT = Duration.ofMillis(400);

  private final Egress egress = new Egress(NameServer.SYSTEM, AllowList.parse("127.0.0.0/8,::1"));

  @AfterEach
  void close() throws IOException {
    egress.close();
  }

  private Adapters adapters(int port, String more) {
    String json =
        """
        {'adapter': 'shop', 'base_url': 'http://localhost:%d/api', 'allow': ['localhost', '127.0.0.1'], %s}
        """
            .formatted(port, more);
    return Calling.adapters(Calling.definitions(json), Map.of("http", new HttpType(egress)));
  }

  private Answer answer(Wire wire, String more, Calling calling) {
    return adapters(wire.port(), more).call(calling.build());
  }

  private Answer answer(Wire wire, Calling calling) {
    return answer(wire, "'actions': {'buy': {}, 'once': {'idempotent': false}}", calling);
  }

  private static Failure failure(Answer answer) {
    assertThat(answer).isInstanceOf(Answer.Refused.class);
    return ((Answer.Refused) answer).failure();
  }

  private static String response(int status, String headers, String body) {
    return "HTTP/1.1 "
        + status
        + " X\r\nConnection: close\r\nContent-Length: "
        + body.length()
        + "\r\n"
        + headers
        + "\r\n"
        + body;
  }

  private static String json(String body) {
    return response(200, "Content-Type: application/json\r\n", body);
  }

  @ParameterizedTest
  @CsvSource({
    "301, adapter_error, false",
    "304, adapter_error, false",
    "400, adapter_error, false",
    "401, authentication, false",
    "402, adapter_error, false",
    "403, forbidden, false",
    "404, not_found, false",
    "408, timeout, true",
    "409, conflict, false",
    "422, adapter_error, false",
    "429, rate_limited, true",
    "500, adapter_error, true",
    "501, adapter_error, true",
    "502, adapter_unavailable, true",
    "503, adapter_unavailable, true",
    "504, timeout, true",
    "599, adapter_error, true"
  })
  void every_status_has_its_type_of_error(int status, String type, boolean retryable)
      throws IOException {
    String body = status == 304 ? "" : "{\"why\":\"x\"}";
    try (Wire wire = Wire.answering(response(status, "Content-Type: application/json\r\n", body))) {
      Failure failure = failure(answer(wire, call("shop", "buy", "{}")));
      assertThat(failure.type()).isEqualTo(type);
      assertThat(failure.retryable()).isEqualTo(retryable);
      assertThat(failure.status()).isEqualTo(status);
      assertThat(failure.adapter()).isEqualTo("shop");
      assertThat(failure.message()).isEqualTo("shop.buy answered " + status);
      assertThat(failure.data()).isEqualTo(status == 304 ? null : Map.of("why", "x"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 202, 204, 206})
  void every_2xx_is_done(int status) throws IOException {
    String body = status == 204 ? "" : "{\"id\":7}";
    try (Wire wire = Wire.answering(response(status, "Content-Type: application/json\r\n", body))) {
      assertThat(answer(wire, call("shop", "buy", "{}")))
          .isEqualTo(new Answer.Done(status == 204 ? null : Map.of("id", 7L), "shop"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 504})
  void a_timeout_is_not_repeated_for_an_action_that_says_so(int status) throws IOException {
    try (Wire wire = Wire.answering(response(status, "", ""))) {
      assertThat(failure(answer(wire, call("shop", "once", "{}"))).retryable()).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({"429, 3, PT3S", "503, 120, PT2M", "429, 86400, PT15M", "429, soon,", "500, 3,"})
  void the_time_that_a_service_asks_for_is_honoured_and_capped(
      int status, String value, Duration wait) throws IOException {
    try (Wire wire = Wire.answering(response(status, "Retry-After: " + value + "\r\n", ""))) {
      assertThat(failure(answer(wire, call("shop", "buy", "{}"))).retryAfter()).isEqualTo(wait);
    }
  }

  @Test
  void a_post_carries_params_key_and_trace() throws IOException {
    try (Wire wire = Wire.answering(json("{}"))) {
      answer(wire, call("shop", "buy", "{'a': 1, 'b': ['ü']}").traced("00-1-2-01"));
      assertThat(wire.requests().getFirst())
          .startsWith("POST /api HTTP/1.1\r\n")
          .contains("\r\nHost: localhost:" + wire.port() + "\r\n")
          .contains("\r\nContent-Type: application/json\r\n")
          .contains("\r\nIdempotency-Key: " + Calling.EXECUTION + "|charge_card|\r\n")
          .contains("\r\ntraceparent: 00-1-2-01\r\n")
          .contains("\r\nUser-Agent: orchestrator\r\n")
          .doesNotContain("Cookie")
          .doesNotContain("Accept-Encoding")
          .endsWith("\r\n\r\n{\"a\":1,\"b\":[\"ü\"]}");
    }
  }

  @Test
  void a_get_puts_what_the_path_did_not_take_into_the_query() throws IOException {
    Map<String, Object> params = new LinkedHashMap<>();
    params.put("id", "a/b c");
    params.put("q", "x&y=ü");
    params.put("tag", List.of("m", "n"));
    params.put("none", null);
    params.put("deep", Map.of("k", 1L));
    try (Wire wire = Wire.answering(json("[]"))) {
      answer(
          wire,
          "'actions': {'find': {'method': 'get', 'path': '/users/{id}'}}",
          call("shop", "find", params));
      assertThat(wire.requests().getFirst())
          .startsWith(
              "GET /api/users/a%2Fb%20c?q=x%26y%3D%C3%BC&tag=m&tag=n&deep=%7B%22k%22%3A1%7D"
                  + " HTTP/1.1\r\n")
          .doesNotContain("Content-Length");
    }
  }

  @Test
  void a_definition_shapes_body_query_headers_and_result() throws IOException {
    String more =
        """
        'headers': {'X-Flow': '$execution.flow', 'X-Both': 'one'},
        'actions': {'buy': {'method': 'PUT', 'path': '/orders/{id}', 'query': {'v': '2', 'to': '$callback.url'},
          'headers': {'x-both': 'two'}, 'body': {'item': '$params.item', 'note': 'for ${ $params.id }'},
          'output': {'id': '$response.body.id', 'code': '$response.status', 'by': "$response.headers['x-by']"}}}
        """;
    try (Wire wire =
        Wire.answering(
            response(201, "X-By: me\r\nContent-Type: text/json+json\r\n", "{\"id\":9}"))) {
      Answer answer =
          answer(
              wire,
              more.replace('"', '`')
                  .replace("`$response.headers['x-by']`", "'$response.headers[\\\"x-by\\\"]'"),
              call("shop", "buy", "{'id': 5, 'item': 'tea'}").withCallback("http://localhost/cb"));
      assertThat(wire.requests().getFirst())
          .startsWith("PUT /api/orders/5?v=2&to=http%3A%2F%2Flocalhost%2Fcb HTTP/1.1\r\n")
          .contains("\r\nX-Flow: orders\r\n")
          .contains("\r\nx-both: two\r\n")
          .doesNotContain("X-Both: one")
          .endsWith("{\"item\":\"tea\",\"note\":\"for 5\"}");
      Map<String, Object> result = new LinkedHashMap<>();
      result.put("id", 9L);
      result.put("code", 201L);
      result.put("by", "me");
      assertThat(answer).isEqualTo(new Answer.Done(result, "shop"));
    }
  }

  @Test
  void credentials_are_sent_and_never_come_back() throws IOException {
    String[] auths = {
      "{'bearer': {'secret': 'key'}}",
      "{'basic': {'username': 'ada', 'password': {'secret': 'key'}}}",
      "{'header': {'name': 'X-Api-Key', 'value': {'secret': 'key'}}}"
    };
    String basic =
        Base64.getEncoder().encodeToString("ada:s3cret-value".getBytes(StandardCharsets.UTF_8));
    String[] sent = {
      "Authorization: Bearer s3cret-value",
      "Authorization: Basic " + basic,
      "X-Api-Key: s3cret-value"
    };
    for (int i = 0; i < auths.length; i++) {
      try (Wire wire = Wire.answering(json("{\"saw\":\"" + sent[i] + "\"}"))) {
        Answer answer =
            answer(
                wire,
                "'auth': " + auths[i] + ", 'actions': {'buy': {}}",
                call("shop", "buy", "{}"));
        assertThat(wire.requests().getFirst()).contains("\r\n" + sent[i] + "\r\n");
        assertThat(answer.toString())
            .contains("***")
            .doesNotContain("s3cret")
            .doesNotContain(basic);
      }
    }
  }

  @Test
  void a_secret_in_the_params_reaches_the_service_only() throws IOException {
    try (Wire wire = Wire.answering(json("{}"))) {
      answer(wire, call("shop", "buy", Map.of("pin", new Secret("key"))));
      assertThat(wire.requests().getFirst()).endsWith("{\"pin\":\"s3cret-value\"}");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\\r\\nX-Evil: 1", "a\\nb", "\\u00e9"})
  void data_cannot_smuggle_a_header(String value) throws IOException {
    try (Wire wire = Wire.answering(json("{}"))) {
      Answer answer =
          answer(
              wire,
              "'actions': {'buy': {'headers': {'X-Name': '$params.name'}}}",
              call("shop", "buy", "{'name': '" + value + "'}"));
      assertThat(failure(answer).type()).isEqualTo("validation");
      assertThat(wire.requests()).isEmpty();
    }
  }

  @Test
  void a_missing_or_dotted_path_parameter_makes_no_call() throws IOException {
    String more = "'actions': {'find': {'method': 'DELETE', 'path': '/users/{id}'}}";
    try (Wire wire = Wire.answering(json("{}"))) {
      for (String params :
          new String[] {"{}", "{'id': null}", "{'id': ''}", "{'id': '..'}", "[]", "null"}) {
        assertThat(failure(answer(wire, more, call("shop", "find", params))).type())
            .isEqualTo("validation");
      }
      assertThat(wire.requests()).isEmpty();
    }
  }

  @Test
  void a_redirect_is_not_followed_and_a_cookie_not_kept() throws IOException {
    try (Wire other = Wire.answering(json("{\"secret\":1}"));
        Wire wire =
            Wire.answering(
                response(
                    302,
                    "Set-Cookie: a=b\r\nLocation: http://localhost:" + other.port() + "/\r\n",
                    ""))) {
      Adapters adapters = adapters(wire.port(), "'actions': {'buy': {}, 'get': {'method': 'GET'}}");
      assertThat(failure(adapters.call(call("shop", "buy", "{}").build())).status()).isEqualTo(302);
      assertThat(failure(adapters.call(call("shop", "get", "{}").build())).status()).isEqualTo(302);
      assertThat(other.requests()).isEmpty();
      assertThat(wire.requests()).noneMatch(request -> request.contains("Cookie"));
    }
  }

  @Test
  void nobody_listening_is_unavailable() throws IOException {
    int port;
    try (Wire wire = Wire.answering("")) {
      port = wire.port();
    }
    Failure failure =
        failure(adapters(port, "'actions': {'buy': {}}").call(call("shop", "buy", "{}").build()));
    assertThat(failure.type()).isEqualTo("adapter_unavailable");
    assertThat(failure.retryable()).isTrue();
  }

  @Test
  void a_reset_and_a_connection_closed_without_an_answer_are_unavailable() throws IOException {
    try (Wire reset = new Wire(socket -> socket.setSoLinger(true, 0));
        Wire closed = Wire.answering("");
        Wire half = Wire.answering("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
        Wire chunk =
            Wire.answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na\r\nabc")) {
      for (Wire wire : List.of(reset, closed, half, chunk)) {
        assertThat(failure(answer(wire, call("shop", "buy", "{}"))).type())
            .isEqualTo("adapter_unavailable");
        assertThat(wire.requests().stream().filter(request -> request.startsWith("POST")))
            .hasSize(1);
      }
    }
  }

  @Test
  void a_service_that_says_nothing_times_out() throws IOException {
    CountDownLatch never = new CountDownLatch(1);
    try (Wire wire = new Wire(socket -> never.await())) {
      Failure failure = failure(answer(wire, call("shop", "buy", "{}").within(SHORT)));
      assertThat(failure.type()).isEqualTo("timeout");
      assertThat(failure.retryable()).isTrue();
      assertThat(failure(answer(wire, call("shop", "once", "{}").within(SHORT))).retryable())
          .isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nX-A: ",
        "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7fffffff\r\n"
      })
  void a_service_that_drips_times_out_as_a_whole(String start) throws IOException {
    try (Wire wire =
        new Wire(
            socket -> {
              OutputStream out = socket.getOutputStream();
              out.write(start.getBytes(StandardCharsets.ISO_8859_1));
              while (true) {
                out.write('x');
                out.flush();
                // A slow drip is what is tested.
                Thread.sleep(20);
              }
            })) {
      long before = System.nanoTime();
      Failure failure = failure(answer(wire, call("shop", "buy", "{}").within(SHORT)));
      assertThat(failure.type()).isEqualTo("timeout");
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
    }
  }

  @Test
  void interim_responses_without_end_time_out() throws IOException {
    try (Wire wire =
        new Wire(
            socket -> {
              while (true) {
                socket
                    .getOutputStream()
                    .write("HTTP/1.1 103 Early\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
                // An endless, but not a furious, row of early answers is what is tested.
                Thread.sleep(5);
              }
            })) {
      assertThat(failure(answer(wire, call("shop", "buy", "{}").within(SHORT))).type())
          .isEqualTo("timeout");
    }
  }

  @Test
  void a_tls_handshake_that_never_ends_times_out() throws IOException {
    CountDownLatch never = new CountDownLatch(1);
    try (Wire wire = new Wire(socket -> never.await())) {
      String json =
          "{'adapter': 'shop', 'base_url': 'https://localhost:"
              + wire.port()
              + "', 'allow': ['localhost'], 'actions': {'buy': {}}}";
      Adapters adapters =
          Calling.adapters(Calling.definitions(json), Map.of("http", new HttpType(egress)));
      assertThat(failure(adapters.call(call("shop", "buy", "{}").within(SHORT).build())).type())
          .isEqualTo("timeout");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 999999999\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n7fffffff\r\n",
        "\r\n"
      })
  void a_body_without_end_is_cut_off(String head) throws IOException {
    try (Wire wire =
        new Wire(
            socket -> {
              socket
                  .getOutputStream()
                  .write(("HTTP/1.1 200 OK\r\n" + head).getBytes(StandardCharsets.ISO_8859_1));
              Wire.flood(socket.getOutputStream(), "x".repeat(64 * 1024));
            })) {
      assertThat(failure(answer(wire, call("shop", "buy", "{}"))).type())
          .isEqualTo("payload_too_large");
    }
  }

  @Test
  void a_body_over_256_KiB_is_fine_if_the_result_is_small() throws IOException {
    String body = "{\"id\":1,\"pad\":\"" + "x".repeat(Limits.RESULT_BYTES_MAX) + "\"}";
    try (Wire wire = Wire.answering(json(body))) {
      String more = "'actions': {'all': {}, 'id': {'output': '$response.body.id'}}";
      assertThat(answer(wire, more, call("shop", "id", "{}")))
          .isEqualTo(new Answer.Done(1L, "shop"));
      assertThat(failure(answer(wire, more, call("shop", "all", "{}"))).type())
          .isEqualTo("payload_too_large");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"X-A: yyy\r\n", "yyyyyyyyyyyyyyyy"})
  void headers_without_end_are_refused(String piece) throws IOException {
    try (Wire wire =
        new Wire(
            socket -> {
              socket
                  .getOutputStream()
                  .write("HTTP/1.1 200 OK\r\nX-B: ".getBytes(StandardCharsets.ISO_8859_1));
              Wire.flood(socket.getOutputStream(), piece);
            })) {
      Failure failure = failure(answer(wire, call("shop", "buy", "{}")));
      assertThat(failure.type()).isEqualTo("adapter_error");
      assertThat(failure.retryable()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{\"a\":1,\"a\":2}", "{\"a\":", "not json", "{\"a\":\"\u00ff\"}", "[1e999]"})
  void a_success_whose_json_is_broken_is_an_error(String body) throws IOException {
    try (Wire wire = Wire.answering(json(body))) {
      assertThat(failure(answer(wire, call("shop", "buy", "{}"))).type())
          .isEqualTo("adapter_error");
    }
  }

  @Test
  void text_stays_text_and_what_is_not_text_is_an_error() throws IOException {
    try (Wire text = Wire.answering(response(200, "Content-Type: text/plain\r\n", "7"));
        Wire latin =
            Wire.answering(
                response(200, "Content-Type: text/plain; charset=ISO-8859-1\r\n", "\u00fc"));
        Wire bare = Wire.answering(response(200, "", "{\"a\":1}"));
        Wire bytes = Wire.answering(response(200, "Content-Type: image/png\r\n", "\u0089PNG\0"));
        Wire page = Wire.answering(response(500, "Content-Type: text/html\r\n", "<h1>no</h1>"))) {
      assertThat(answer(text, call("shop", "buy", "{}"))).isEqualTo(new Answer.Done("7", "shop"));
      assertThat(answer(latin, call("shop", "buy", "{}"))).isEqualTo(new Answer.Done("ü", "shop"));
      assertThat(answer(bare, call("shop", "buy", "{}")))
          .isEqualTo(new Answer.Done(Map.of("a", 1L), "shop"));
      assertThat(failure(answer(bytes, call("shop", "buy", "{}"))).type())
          .isEqualTo("adapter_error");
      assertThat(failure(answer(page, call("shop", "buy", "{}"))).data()).isEqualTo("<h1>no</h1>");
    }
  }

  @Test
  void fifty_calls_run_side_by_side_on_virtual_threads() throws Exception {
    CountDownLatch all = new CountDownLatch(50);
    try (Wire wire =
            new Wire(
                socket -> {
                  all.countDown();
                  all.await();
                  socket.getOutputStream().write(json("{}").getBytes(StandardCharsets.ISO_8859_1));
                });
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Adapters adapters = adapters(wire.port(), "'actions': {'buy': {}}");
      List<Future<Answer>> answers = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        answers.add(threads.submit(() -> adapters.call(call("shop", "buy", "{}").build())));
      }
      for (Future<Answer> answer : answers) {
        assertThat(answer.get()).isInstanceOf(Answer.Done.class);
      }
    }
  }
}
