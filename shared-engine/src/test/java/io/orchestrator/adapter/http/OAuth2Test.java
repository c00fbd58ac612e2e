package io.orchestrator.adapter.http;

import static io.orchestrator.adapter.Calling.call;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.orchestrator.adapter.AdapterCall;
import io.orchestrator.adapter.Adapters;
import io.orchestrator.adapter.AllowList;
import io.orchestrator.adapter.Answer;
import io.orchestrator.adapter.Calling;
import io.orchestrator.execution.Failure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Client credentials against a service and a token service that are real. */
@Timeout(30)
class OAuth2Test {
  private final Egress egress = new Egress(NameServer.SYSTEM, AllowList.parse("127.0.0.0/8"));
  private final HttpType http = new HttpType(egress);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<String> tokenRequests = new CopyOnWriteArrayList<>();
  private final List<String> bearers = new CopyOnWriteArrayList<>();
  private final AtomicInteger made = new AtomicInteger();
  private final AtomicReference<String> accepted = new AtomicReference<>();
  private volatile Instant now = Calling.NOW;
  private volatile int tokenStatus = 200;
  private volatile String tokenAnswer;
  private volatile CountDownLatch gate = new CountDownLatch(0);
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(
        "/token",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          tokenRequests.add(exchange.getRequestHeaders().getFirst("Authorization") + " " + body);
          try {
            gate.await();
          } catch (InterruptedException told) {
            Thread.currentThread().interrupt();
          }
          String token = "secret-token-" + made.incrementAndGet();
          accepted.set(token);
          String json =
              tokenAnswer == null
                  ? "{\"access_token\":\""
                      + token
                      + "\",\"token_type\":\"Bearer\",\"expires_in\":3600}"
                  : tokenAnswer.replace("TOKEN", token);
          answer(exchange, tokenStatus, json);
        });
    server.createContext(
        "/api",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          String bearer = exchange.getRequestHeaders().getFirst("Authorization");
          bearers.add(bearer);
          boolean good = ("Bearer " + accepted.get()).equals(bearer);
          answer(exchange, good ? 200 : 401, "{\"you_sent\":\"" + bearer + "\"}");
        });
    server.start();
  }

  private static void answer(com.sun.net.httpserver.HttpExchange exchange, int status, String json)
      throws IOException {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @AfterEach
  void stop() throws IOException {
    gate.countDown();
    server.stop(0);
    threads.close();
    egress.close();
  }

  private Adapters adapters(String more) {
    int port = server.getAddress().getPort();
    String json =
        """
        {'adapter': 'crm', 'base_url': 'http://127.0.0.1:%1$d/api', 'allow': ['127.0.0.1'],
         'auth': {'oauth2': {'token_url': 'http://127.0.0.1:%1$d/token', 'client_id': 'me & you',
           'client_secret': {'secret': 'key'}, 'scope': ['a:read', 'b']%2$s}},
         'actions': {'get': {'method': 'GET'}}}
        """
            .formatted(port, more);
    return new Adapters(
        Calling.definitions(json),
        Map.of("http", http),
        (tenant, name) -> "s3cret value/+",
        () -> now);
  }

  private static AdapterCall get() {
    return call("crm", "get", "{}").build();
  }

  private static Failure failure(Answer answer) {
    assertThat(answer).isInstanceOf(Answer.Refused.class);
    return ((Answer.Refused) answer).failure();
  }

  @Test
  void a_token_is_fetched_once_and_kept_until_shortly_before_it_expires() {
    Adapters adapters = adapters("");
    for (int i = 0; i < 3; i++) {
      assertThat(adapters.call(get())).isInstanceOf(Answer.Done.class);
    }
    now = Calling.NOW.plus(Duration.ofMinutes(58));
    assertThat(adapters.call(get())).isInstanceOf(Answer.Done.class);
    assertThat(made).hasValue(1);
    now = Calling.NOW.plus(Duration.ofMinutes(59));
    assertThat(adapters.call(get())).isInstanceOf(Answer.Done.class);
    assertThat(made).hasValue(2);
    assertThat(bearers.getLast()).isEqualTo("Bearer secret-token-2");
  }

  @Test
  void the_credentials_go_by_basic_or_in_the_body_as_the_rfc_encodes_them() {
    adapters("").call(get());
    String id = "me+%26+you";
    String secret = "s3cret+value%2F%2B";
    String basic =
        Base64.getEncoder().encodeToString((id + ":" + secret).getBytes(StandardCharsets.US_ASCII));
    assertThat(tokenRequests.getLast())
        .isEqualTo("Basic " + basic + " grant_type=client_credentials&scope=a%3Aread+b");
    adapters(", 'client_auth': 'body', 'audience': 'https://crm'").call(get());
    assertThat(tokenRequests.getLast())
        .isEqualTo(
            "null grant_type=client_credentials&scope=a%3Aread+b&audience=https%3A%2F%2Fcrm&client_id="
                + id
                + "&client_secret="
                + secret);
  }

  @Test
  void a_401_renews_a_kept_token_once_and_a_fresh_one_never() {
    Adapters adapters = adapters("");
    adapters.call(get());
    accepted.set("withdrawn");
    assertThat(adapters.call(get())).isInstanceOf(Answer.Done.class);
    assertThat(made).hasValue(2);
    assertThat(bearers)
        .containsExactly("Bearer secret-token-1", "Bearer secret-token-1", "Bearer secret-token-2");
    // A service that takes no token at all is asked once with a new one, and not for ever.
    tokenAnswer = "{\"access_token\":\"other-TOKEN\",\"token_type\":\"bearer\"}";
    accepted.set("nothing");
    assertThat(failure(adapters.call(get())).type()).isEqualTo("authentication");
    assertThat(made).hasValue(3);
    assertThat(bearers).hasSize(5);
  }

  @Test
  void many_calls_at_once_fetch_one_token() throws Exception {
    gate = new CountDownLatch(1);
    Adapters adapters = adapters("");
    List<Future<Answer>> calls = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      calls.add(threads.submit(() -> adapters.call(get())));
    }
    org.awaitility.Awaitility.await().until(() -> !tokenRequests.isEmpty());
    gate.countDown();
    for (Future<Answer> each : calls) {
      assertThat(each.get()).isInstanceOf(Answer.Done.class);
    }
    assertThat(made).hasValue(1);
  }

  @Test
  void the_token_comes_back_to_nobody() {
    Answer answer = adapters("").call(get());
    assertThat(answer).isEqualTo(new Answer.Done(Map.of("you_sent", "Bearer ***"), "crm"));
    tokenAnswer = "{\"error\":\"invalid_client\",\"error_description\":\"secret s3cret value/+\"}";
    tokenStatus = 401;
    Failure failure = failure(adapters(", 'resource': 'other'").call(get()));
    assertThat(failure.message())
        .isEqualTo("the token service of crm answered 401 (invalid_client)");
    assertThat(String.valueOf(failure)).doesNotContain("s3cret");
    assertThat(new Tokens.Grant.Granted("abc", true).toString()).doesNotContain("abc");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400 | {'error':'invalid_scope'} | authentication | false",
        "429 | {} | adapter_unavailable | true",
        "503 | <html> | adapter_unavailable | true",
        "302 | {} | authentication | false",
        "200 | {'access_token':'x','token_type':'mac'} | adapter_error | false",
        "200 | {'token_type':'bearer'} | adapter_error | false",
        "200 | {'access_token':'a\\r\\nX-Evil: 1'} | adapter_error | false",
        "200 | no json | adapter_error | false"
      })
  void what_a_token_service_may_answer(int status, String answer, String type, boolean retryable) {
    tokenStatus = status;
    tokenAnswer = answer.replace('\'', '"');
    Failure failure = failure(adapters("").call(get()));
    assertThat(failure.type()).isEqualTo(type);
    assertThat(failure.retryable()).isEqualTo(retryable);
    assertThat(failure.adapter()).isEqualTo("crm");
    assertThat(bearers).isEmpty();
  }

  @Test
  void a_token_without_a_lifetime_is_kept_a_short_while_and_one_of_no_time_not_at_all() {
    Adapters adapters = adapters("");
    tokenAnswer = "{\"access_token\":\"TOKEN\"}";
    adapters.call(get());
    adapters.call(get());
    assertThat(made).hasValue(1);
    now = Calling.NOW.plus(Duration.ofMinutes(5));
    tokenAnswer = "{\"access_token\":\"TOKEN\",\"expires_in\":\"0\"}";
    adapters.call(get());
    adapters.call(get());
    assertThat(made).hasValue(3);
  }
}
