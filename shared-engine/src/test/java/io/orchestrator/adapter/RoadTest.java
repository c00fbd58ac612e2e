package io.orchestrator.adapter;

import static io.orchestrator.adapter.Calling.call;
import static io.orchestrator.adapter.Calling.definitions;
import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.adapter.guard.CircuitState;
import io.orchestrator.adapter.guard.Circuits;
import io.orchestrator.adapter.guard.Forced;
import io.orchestrator.adapter.guard.ForcedCircuits;
import io.orchestrator.adapter.guard.Guarded;
import io.orchestrator.adapter.guard.Rates;
import io.orchestrator.cache.Cache;
import io.orchestrator.execution.Failure;
import io.orchestrator.expression.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands on the road between a call that is right and the wire, and who stands in. */
class RoadTest {
  private static final String SHOP =
      """
      {'adapter': 'shop', 'type': 'wire', 'default_action': 'buy',
       'circuit_breaker': {'failures': 3, 'window': '30s', 'open': '60s'},
       'actions': {'buy': {'input': {'n?': 'integer'}}, 'idem': {'idempotent': false}}}
      """;
  private static final String LIMITED =
      """
      {'adapter': 'limited', 'type': 'wire', 'default_action': 'buy', 'rate_limit': '2/1h',
       'actions': {'buy': {'input': {'n?': 'integer'}}}}
      """;

  private final Deque<Reply> replies = new ArrayDeque<>();
  private final List<String> wire = new ArrayList<>();
  private final List<String> turns = new ArrayList<>();

  /** Answers what a test has laid ready, else 200; and notes who was called. */
  private Reply reply(Invocation invocation) {
    invocation.vault().reveal(invocation.call().params());
    wire.add(invocation.definition().adapter() + "." + invocation.action().name());
    Reply next = replies.poll();
    return next == null ? Reply.ok("fine") : next;
  }

  private Watch watch() {
    return new Watch() {
      @Override
      public void called(Invocation invocation, Reply reply, Answer answer, Duration took) {
        assertThat(took).isGreaterThanOrEqualTo(Duration.ZERO);
      }

      @Override
      public void turned(Guarded guarded, CircuitState state) {
        turns.add(guarded.tenant() + "/" + guarded.adapter() + " " + state);
      }
    };
  }

  private Adapters road(ForcedCircuits forced, Cache cache, String... jsons) {
    return new Adapters(
        definitions(jsons),
        Map.of("wire", this::reply),
        (tenant, name) -> name.equals("key") ? "s3cret" : null,
        InstantSource.fixed(Calling.NOW),
        new Guards(forced, Circuits.in(cache), Rates.in(cache), watch()));
  }

  private Adapters road(String... jsons) {
    return road(ForcedCircuits.NONE, Cache.NONE, jsons);
  }

  private static Reply status(int status) {
    return new Reply.Answered(status, Map.of(), null);
  }

  private static Failure failure(Answer answer) {
    assertThat(answer).isInstanceOf(Answer.Refused.class);
    return ((Answer.Refused) answer).failure();
  }

  private static Answer buy(Adapters road, String adapter) {
    return road.call(call(adapter, null, "{}").build());
  }

  private Adapters opened(String... jsons) {
    Adapters road = road(jsons);
    for (int i = 0; i < 3; i++) {
      replies.add(status(503));
      assertThat(failure(buy(road, "shop")).type()).isEqualTo("adapter_unavailable");
    }
    wire.clear();
    return road;
  }

  // -- circuit

  @Test
  void an_open_circuit_keeps_calls_from_the_wire_and_says_when_to_come_again() {
    Adapters road = opened(SHOP);
    Failure barred = failure(buy(road, "shop"));
    assertThat(wire).isEmpty();
    assertThat(barred.type()).isEqualTo("circuit_open");
    assertThat(barred.adapter()).isEqualTo("shop");
    assertThat(barred.retryable()).isTrue();
    assertThat(barred.retryAfter()).isBetween(Duration.ofSeconds(50), Duration.ofSeconds(60));
    assertThat(turns).containsExactly("acme/shop OPEN");
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 501, 502, 503, 504, 505, 599, 408})
  void what_the_service_cannot_do_counts(int status) {
    Adapters road = road(SHOP);
    for (int i = 0; i < 3; i++) {
      replies.add(status(status));
      buy(road, "shop");
    }
    assertThat(failure(buy(road, "shop")).type()).isEqualTo("circuit_open");
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 204, 301, 400, 401, 403, 404, 409, 422, 429})
  void whoever_answers_is_there(int status) {
    Adapters road = road(SHOP);
    for (int answer : new int[] {503, 503, status, 503, 503, status, 503}) {
      replies.add(status(answer));
      buy(road, "shop");
    }
    buy(road, "shop");
    assertThat(wire).hasSize(8);
  }

  @ParameterizedTest
  @CsvSource({
    "timeout, true",
    "adapter_unavailable, true",
    "forbidden, false",
    "validation, false",
    "interrupted, false",
    "adapter_error, false"
  })
  void a_call_without_an_answer_counts_if_the_service_is_to_blame(String type, boolean counts) {
    Adapters road = road(SHOP);
    for (int i = 0; i < 3; i++) {
      replies.add(new Reply.Failed(Failure.temporary(type, "no answer")));
      buy(road, "shop");
    }
    assertThat(buy(road, "shop") instanceof Answer.Refused).isEqualTo(counts);
  }

  @Test
  void an_actions_own_word_for_a_5xx_counts_too() {
    Adapters road =
        road(
            SHOP.replace(
                "'idem'",
                "'sulk': {'errors': [{'when': '$response.status == 503', 'type': 'sulks'}]},"
                    + " 'idem'"));
    for (int i = 0; i < 3; i++) {
      replies.add(status(503));
      assertThat(failure(road.call(call("shop", "sulk", "{}").build())).type())
          .isEqualTo("shop.sulks");
    }
    assertThat(failure(buy(road, "shop")).type()).isEqualTo("circuit_open");
  }

  @Test
  void params_are_checked_before_the_circuit_and_a_wrong_call_says_nothing_of_the_service() {
    Adapters road = opened(SHOP);
    assertThat(failure(road.call(call("shop", "buy", "{'n': 'x'}").build())).type())
        .isEqualTo("validation");
    assertThat(failure(road.call(call("shop", "sell", "{}").build())).type())
        .isEqualTo("validation");
  }

  @Test
  void a_missing_secret_is_no_failure_of_the_service() {
    Adapters road = road(SHOP);
    replies.addAll(List.of(status(503), status(503)));
    buy(road, "shop");
    buy(road, "shop");
    for (int i = 0; i < 3; i++) {
      AdapterCall call = call("shop", "idem", Map.of("token", new Secret("lost"))).build();
      assertThat(failure(road.call(call)).message()).contains("lost");
    }
    assertThat(buy(road, "shop")).isInstanceOf(Answer.Done.class);
  }

  @Test
  void secrets_that_cannot_be_read_now_make_the_call_one_that_may_succeed_later() {
    Adapters road =
        new Adapters(
            definitions(SHOP),
            Map.of("wire", this::reply),
            (tenant, name) -> {
              throw new Secrets.Away("The secret " + name + " cannot be read now");
            },
            InstantSource.fixed(Calling.NOW));
    AdapterCall call = call("shop", "idem", Map.of("token", new Secret("key"))).build();
    Failure away = failure(road.call(call));
    assertThat(away.type()).isEqualTo("adapter_unavailable");
    assertThat(away.retryable()).isTrue();
    assertThat(away.message()).isEqualTo("The secret key cannot be read now");
    assertThat(wire).isEmpty();
  }

  @Test
  void one_circuit_serves_all_actions_and_each_tenant_has_its_own() {
    Adapters road = opened(SHOP);
    assertThat(failure(road.call(call("shop", "idem", "{}").build())).type())
        .isEqualTo("circuit_open");
  }

  @Test
  void somebody_can_open_a_circuit_that_is_not_even_declared() {
    Forced order = new Forced("they move house", "ann", Calling.NOW);
    Adapters road =
        road(
            guarded -> guarded.equals(new Guarded("acme", "limited")) ? order : null,
            Cache.NONE,
            LIMITED,
            SHOP);
    Failure barred = failure(buy(road, "limited"));
    assertThat(barred.type()).isEqualTo("circuit_open");
    assertThat(barred.message()).contains("ann", "they move house");
    assertThat(barred.retryable()).isTrue();
    assertThat(buy(road, "shop")).isInstanceOf(Answer.Done.class);
    assertThat(wire).containsExactly("shop.buy");
  }

  // -- rate limit

  @Test
  void a_call_over_the_limit_is_refused_with_the_time_until_there_is_room() {
    Adapters road = road(LIMITED);
    buy(road, "limited");
    buy(road, "limited");
    Failure full = failure(buy(road, "limited"));
    assertThat(wire).hasSize(2);
    assertThat(full.type()).isEqualTo("rate_limited");
    assertThat(full.retryable()).isTrue();
    assertThat(full.status()).isZero();
    assertThat(full.retryAfter()).as("capped").isEqualTo(Limits.RETRY_AFTER_MAX);
    assertThat(full.message()).contains("2/1h");
  }

  @Test
  void a_call_that_does_not_fit_takes_nothing_off_the_limit() {
    Adapters road = road(LIMITED);
    for (int i = 0; i < 5; i++) {
      road.call(call("limited", "buy", "{'n': 'x'}").build());
    }
    buy(road, "limited");
    assertThat(buy(road, "limited")).isInstanceOf(Answer.Done.class);
  }

  @Test
  void a_call_that_its_circuit_refuses_takes_nothing_off_the_limit() {
    Adapters road = opened(SHOP.replace("'actions'", "'rate_limit': '4/1h', 'actions'"));
    for (int i = 0; i < 5; i++) {
      assertThat(failure(buy(road, "shop")).type()).isEqualTo("circuit_open");
    }
  }

  // -- what it costs

  @Test
  void an_adapter_that_declares_nothing_asks_redis_nothing() throws IOException {
    try (ServerSocket redis = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Cache cache = Cache.at("redis://127.0.0.1:" + redis.getLocalPort())) {
      Adapters road =
          road(
              ForcedCircuits.NONE,
              cache,
              "{'adapter': 'plain', 'type': 'wire', 'default_action': 'buy', 'actions': {'buy':"
                  + " {}}}");
      for (int i = 0; i < 100; i++) {
        assertThat(buy(road, "plain")).isInstanceOf(Answer.Done.class);
      }
      redis.setSoTimeout(1);
      assertThat(
              org.assertj.core.api.Assertions.catchThrowable(
                  () -> {
                    redis.accept().close();
                  }))
          .as("nobody has connected")
          .isInstanceOf(SocketTimeoutException.class);
    }
  }

  // -- fallback

  private static String shopWith(String fallback) {
    return SHOP.replace("'actions'", "'fallback': [" + fallback + "], 'actions'");
  }

  private static String other(String name, String actions) {
    return "{'adapter': '%s', 'type': 'wire', 'default_action': 'plain', 'actions': {%s}}"
        .formatted(name, actions);
  }

  @Test
  void who_stands_in_makes_the_same_call_and_is_named() {
    Adapters road =
        road(shopWith("'second', 'third'"), other("second", "'buy': {}, 'plain': {}"), LIMITED);
    replies.add(status(503));
    assertThat(buy(road, "shop")).isEqualTo(new Answer.Done("fine", "second"));
    assertThat(wire).containsExactly("shop.buy", "second.buy");
  }

  @Test
  void who_has_no_such_action_is_asked_by_its_default_one_and_who_has_none_is_passed_over() {
    Adapters road =
        road(
            shopWith("'nobody', 'silent', 'second'"),
            "{'adapter': 'silent', 'type': 'wire', 'actions': {'hum': {}}}",
            other("second", "'plain': {}"));
    replies.add(new Reply.Failed(Failure.temporary("adapter_unavailable", "refused")));
    assertThat(buy(road, "shop")).isEqualTo(new Answer.Done("fine", "second"));
    assertThat(wire).containsExactly("shop.buy", "second.plain");
  }

  @Test
  void an_open_circuit_is_passed_over_without_a_call() {
    Adapters road = road(shopWith("'second'"), other("second", "'buy': {}, 'plain': {}"));
    for (int i = 0; i < 3; i++) {
      replies.addAll(List.of(status(503), Reply.ok("instead")));
      assertThat(buy(road, "shop")).isEqualTo(new Answer.Done("instead", "second"));
    }
    wire.clear();
    assertThat(buy(road, "shop")).isEqualTo(new Answer.Done("fine", "second"));
    assertThat(wire).containsExactly("second.buy");
  }

  @Test
  void if_all_are_away_the_failure_is_its_own() {
    Adapters road = road(shopWith("'second'"), other("second", "'buy': {}, 'plain': {}"));
    replies.addAll(List.of(status(502), status(503)));
    Failure own = failure(buy(road, "shop"));
    assertThat(own.adapter()).isEqualTo("shop");
    assertThat(own.status()).isEqualTo(502);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 404, 429, 500, 504})
  void nobody_stands_in_for_a_service_that_has_looked_at_the_call(int status) {
    Adapters road = road(shopWith("'second'"), other("second", "'buy': {}, 'plain': {}"));
    replies.add(status(status));
    assertThat(failure(buy(road, "shop")).status()).isEqualTo(status);
    assertThat(wire).containsExactly("shop.buy");
  }

  @Test
  void who_stands_in_has_nobody_to_stand_in_for_it() {
    Adapters road =
        road(
            shopWith("'second'"),
            other("second", "'buy': {}, 'plain': {}")
                .replace("'actions'", "'fallback': ['shop', 'third'], 'actions'"),
            other("third", "'buy': {}, 'plain': {}"));
    replies.addAll(List.of(status(503), status(503)));
    assertThat(failure(buy(road, "shop")).adapter()).isEqualTo("shop");
    assertThat(wire).containsExactly("shop.buy", "second.buy");
  }

  @Test
  void a_call_that_is_to_be_made_alone_is_made_alone() {
    Adapters road = road(shopWith("'second'"), other("second", "'buy': {}, 'plain': {}"));
    replies.add(status(503));
    AdapterCall c = call("shop", null, "{}").build();
    AdapterCall alone =
        new AdapterCall(
            c.tenant(),
            c.execution(),
            c.flow(),
            c.path(),
            c.attempt(),
            c.adapter(),
            c.action(),
            c.params(),
            c.idempotencyKey(),
            c.timeout(),
            c.atMost(),
            c.awaits(),
            c.callbackUrl(),
            c.callbackToken(),
            c.traceparent(),
            true);
    assertThat(failure(road.call(alone)).type()).isEqualTo("adapter_unavailable");
    assertThat(wire).containsExactly("shop.buy");
  }

  @Test
  void an_awaited_call_says_who_has_accepted_it() {
    Adapters road = road(shopWith("'second'"), other("second", "'buy': {}, 'plain': {}"));
    replies.addAll(List.of(status(503), new Reply.Answered(202, Map.of(), "later")));
    assertThat(road.call(call("shop", null, "{}").awaiting("http://localhost/cb").build()))
        .isEqualTo(new Answer.Later("later", "second"));
  }

  // -- definitions

  @Test
  void what_an_adapter_declares_is_read() {
    Definition shop =
        Calling.definition(
            """
            {'adapter': 'shop', 'base_url': 'https://shop.example.com', 'circuit_breaker': {},
             'rate_limit': '100/10s', 'fallback': ['second'], 'health': {'path': '/health'}}
            """);
    assertThat(shop.safeguards().circuit().failures()).isEqualTo(5);
    assertThat(shop.safeguards().circuit().window()).isEqualTo(Duration.ofSeconds(30));
    assertThat(shop.safeguards().circuit().open()).isEqualTo(Duration.ofSeconds(60));
    assertThat(shop.safeguards().rate().calls()).isEqualTo(100);
    assertThat(shop.safeguards().fallback()).containsExactly("second");
    assertThat(shop.safeguards().health().every()).isEqualTo(Duration.ofMinutes(1));
    assertThat(shop.safeguards().health().action().method()).isEqualTo("GET");
    Definition bare =
        Calling.definition("{'adapter': 'bare', 'base_url': 'https://shop.example.com'}");
    assertThat(bare.safeguards()).isEqualTo(Safeguards.NONE);
  }

  @Test
  void what_is_wrong_with_it_is_said_at_once() {
    String json =
        """
        {'adapter': 'shop', 'type': 'sandbox',
         'circuit_breaker': {'failures': 0, 'window': '2h', 'open': 'soon', 'half': 1},
         'rate_limit': '0/10s', 'fallback': ['shop', 'No Name', 'b', 'b'], 'health': {'every': '1s'}}
        """;
    assertThat(
            DefinitionReader.read(Fields.strings((Map<?, ?>) Calling.data(json)))
                .problems()
                .stream()
                .map(problem -> problem.code() + " " + problem.path()))
        .containsExactlyInAnyOrder(
            "bad_value /circuit_breaker/failures",
            "bad_duration /circuit_breaker/window",
            "bad_duration /circuit_breaker/open",
            "unknown_key /circuit_breaker/half",
            "bad_value /rate_limit",
            "contradiction /fallback",
            "bad_name /fallback",
            "contradiction /fallback",
            "bad_duration /health/every",
            "missing_key /health",
            "contradiction /health");
  }
}
