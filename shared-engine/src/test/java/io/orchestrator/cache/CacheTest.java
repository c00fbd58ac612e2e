package io.orchestrator.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.UnifiedJedis;
import redis.embedded.RedisServer;

class CacheTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private final UUID execution = UUID.randomUUID();
  private final Seal seal = new Seal("0123456789abcdef".getBytes(UTF_8));
  private RedisServer redis;
  private int port;
  private Cache cache;

  @BeforeEach
  void start() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    redis = startRedis();
    cache = Cache.at("redis://127.0.0.1:" + port + "/0");
  }

  @AfterEach
  void stop() throws IOException {
    cache.close();
    redis.stop();
  }

  private RedisServer startRedis() throws IOException {
    RedisServer server =
        RedisServer.newRedisServer()
            .port(port)
            .setting("bind 127.0.0.1")
            .setting("save \"\"")
            .setting("maxmemory 64mb")
            .build();
    server.start();
    return server;
  }

  private Claim claim(int revision) {
    return new Claims(cache).take(execution, revision, MINUTE);
  }

  @Test
  void a_revision_is_won_once_and_again_after_it_was_given_back() {
    assertThat(claim(1)).isEqualTo(Claim.WON);
    assertThat(claim(1)).isEqualTo(Claim.LOST);
    assertThat(claim(2)).isEqualTo(Claim.WON);
    new Claims(cache).release(execution, 1);
    assertThat(claim(1)).isEqualTo(Claim.WON);
  }

  @Test
  void a_claim_ends_with_its_time() {
    assertThat(new Claims(cache).take(execution, 1, Duration.ofMillis(20))).isEqualTo(Claim.WON);
    await().untilAsserted(() -> assertThat(claim(1)).isEqualTo(Claim.WON));
  }

  @Test
  void of_many_claims_at_once_exactly_one_wins() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Claim>> claims = Collections.nCopies(200, () -> claim(1));
      long won = 0;
      for (var answer : threads.invokeAll(claims)) {
        won += answer.get() == Claim.WON ? 1 : 0;
      }
      assertThat(won).isEqualTo(1);
    }
  }

  @Test
  void a_state_is_found_by_exactly_its_tenant_execution_and_revision() {
    HotState hot = new HotState(cache, seal);
    byte[] state = {0, 1, -1, 0};
    hot.put("acme", execution, 7, state);
    assertThat(ttlMillis("state:" + execution + ":7")).isBetween(290_000L, 300_000L);
    assertThat(hot.take("acme", execution, 6)).isEmpty();
    assertThat(hot.take("acme", UUID.randomUUID(), 7)).isEmpty();
    assertThat(hot.take("acme", execution, 7)).hasValue(state);
    hot.put("acme", execution, 7, state);
    assertThat(hot.take("globex", execution, 7)).isEmpty();
    hot.put("acme", execution, 7, state);
    hot.delete(execution, 7);
    assertThat(hot.take("acme", execution, 7)).isEmpty();
  }

  @Test
  void a_state_is_taken_once() {
    HotState hot = new HotState(cache, seal);
    hot.put("acme", execution, 7, new byte[] {1});
    assertThat(hot.take("acme", execution, 7)).isPresent();
    assertThat(hot.take("acme", execution, 7)).isEmpty();
  }

  @Test
  void a_poisoned_state_is_a_miss() {
    HotState hot = new HotState(cache, seal);
    byte[] key = ("state:" + execution + ":7").getBytes(UTF_8);
    hot.put("acme", execution, 7, "state".getBytes(UTF_8));
    byte[] good = cache.get(key);
    for (int i = 0; i < good.length; i++) {
      byte[] flipped = good.clone();
      flipped[i] ^= 1;
      cache.put(key, flipped, MINUTE);
      assertThat(hot.take("acme", execution, 7)).as("byte %d", i).isEmpty();
    }
    for (byte[] planted : List.of(new byte[0], new byte[1], new byte[33], "{}".getBytes(UTF_8))) {
      cache.put(key, planted, MINUTE);
      assertThat(hot.take("acme", execution, 7)).isEmpty();
    }
    new HotState(cache, new Seal("another key, as long".getBytes(UTF_8)))
        .put("acme", execution, 7, new byte[] {1});
    assertThat(hot.take("acme", execution, 7)).isEmpty();
    cache.put(key, good, MINUTE);
    assertThat(hot.take("acme", execution, 7)).isPresent();
  }

  @Test
  void a_state_of_another_execution_that_was_moved_here_is_a_miss() {
    HotState hot = new HotState(cache, seal);
    UUID other = UUID.randomUUID();
    hot.put("acme", other, 7, new byte[] {1});
    cache.put(
        ("state:" + execution + ":7").getBytes(UTF_8),
        cache.get(("state:" + other + ":7").getBytes(UTF_8)),
        MINUTE);
    assertThat(hot.take("acme", execution, 7)).isEmpty();
  }

  @Test
  void a_value_of_another_type_is_a_miss() {
    cache.ask(redis -> redis.lpush("state:" + execution + ":7", "x"), 0L);
    assertThat(new HotState(cache, seal).take("acme", execution, 7)).isEmpty();
    assertThat(claim(1)).as("an error answer is no reason to stop asking").isEqualTo(Claim.WON);
  }

  @Test
  void a_state_too_large_is_not_kept() {
    HotState hot = new HotState(cache, seal);
    hot.put("acme", execution, 2, new byte[2 * 1024 * 1024]);
    assertThat(hot.take("acme", execution, 2)).isEmpty();
  }

  @Test
  void plans_and_adapters_are_kept_apart_for_their_own_time() {
    CachedText plans = CachedText.plans(cache, seal);
    CachedText adapters = CachedText.adapters(cache, seal);
    plans.put("acme", "order/1.0.0", "plän");
    adapters.put("acme", "stripe", "definition");
    assertThat(plans.get("acme", "order/1.0.0")).hasValue("plän");
    assertThat(plans.get("globex", "order/1.0.0")).isEmpty();
    assertThat(adapters.get("acme", "order/1.0.0")).isEmpty();
    assertThat(ttlMillis("plan:4:acme:order/1.0.0")).isBetween(290_000L, 300_000L);
    assertThat(ttlMillis("adapter:4:acme:stripe")).isBetween(50_000L, 60_000L);
    plans.forget("acme", "order/1.0.0");
    assertThat(plans.get("acme", "order/1.0.0")).isEmpty();
  }

  @Test
  void a_flush_is_a_miss_and_nothing_else() {
    HotState hot = new HotState(cache, seal);
    hot.put("acme", execution, 1, new byte[] {1});
    assertThat(cache.ask(UnifiedJedis::flushAll, "no")).isEqualTo("OK");
    assertThat(hot.take("acme", execution, 1)).isEmpty();
    hot.put("acme", execution, 1, new byte[] {2});
    assertThat(hot.take("acme", execution, 1)).isPresent();
  }

  @Test
  void a_dead_redis_costs_next_to_nothing_and_is_used_again_when_it_is_back() throws IOException {
    HotState hot = new HotState(cache, seal);
    hot.put("acme", execution, 1, new byte[] {1});
    assertThat(hot.take("acme", execution, 1)).isPresent();
    redis.stop();
    long from = System.nanoTime();
    for (int i = 0; i < 1_000; i++) {
      assertThat(claim(i)).isEqualTo(Claim.UNKNOWN);
      assertThat(hot.take("acme", execution, 1)).isEmpty();
    }
    assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(Duration.ofMillis(600));
    redis = startRedis();
    await().untilAsserted(() -> assertThat(claim(5_000)).isNotEqualTo(Claim.UNKNOWN));
    hot.put("acme", execution, 2, new byte[] {1});
    assertThat(hot.take("acme", execution, 2)).isPresent();
  }

  @Test
  void a_redis_that_hangs_is_given_up_within_its_timeout() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Cache hanging = Cache.at("redis://127.0.0.1:" + silent.getLocalPort())) {
      long from = System.nanoTime();
      for (int i = 0; i < 100; i++) {
        assertThat(new Claims(hanging).take(execution, i, MINUTE)).isEqualTo(Claim.UNKNOWN);
      }
      assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(Duration.ofMillis(900));
    }
  }

  @Test
  void a_closed_cache_opens_again_when_asked() {
    assertThat(claim(1)).isEqualTo(Claim.WON);
    cache.close();
    assertThat(claim(1)).isEqualTo(Claim.LOST);
  }

  @Test
  void without_a_redis_everything_is_a_miss() {
    for (Cache none : List.of(Cache.NONE, Cache.at(""), Cache.at(null))) {
      assertThat(none.exists()).isFalse();
      assertThat(new Claims(none).take(execution, 1, MINUTE)).isEqualTo(Claim.UNKNOWN);
      HotState hot = new HotState(none, seal);
      hot.put("acme", execution, 1, new byte[] {1});
      assertThat(hot.take("acme", execution, 1)).isEmpty();
      none.close();
    }
  }

  private long ttlMillis(String key) {
    return cache.ask(redis -> redis.pttl(key), -9L);
  }
}
