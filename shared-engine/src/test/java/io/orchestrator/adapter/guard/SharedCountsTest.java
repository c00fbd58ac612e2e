package io.orchestrator.adapter.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.cache.Cache;
import io.orchestrator.testing.RealRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

class SharedCountsTest extends CallCountsContract {
  private static RealRedis redis;
  private static Cache cache;

  @BeforeAll
  static void start() {
    redis = new RealRedis();
    cache = redis.cache();
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @BeforeEach
  void clear() {
    try (Jedis jedis = redis.open()) {
      jedis.flushAll();
    }
  }

  @Override
  CallCounts counts() {
    return new SharedCounts(cache);
  }

  /** Redis has its own clock, so what it has noted is put back into the past. */
  @Override
  void pass(Duration time) {
    try (Jedis jedis = redis.open()) {
      for (String key : jedis.keys("rate:*")) {
        if (!key.endsWith(":waiting")) {
          for (int i = 0; i < jedis.llen(key); i++) {
            jedis.lset(
                key, i, Long.toString(Long.parseLong(jedis.lindex(key, i)) - time.toMillis()));
          }
        }
      }
    }
  }

  @Test
  void of_calls_of_many_processes_at_once_exactly_as_many_as_the_limit_go_on() throws Exception {
    RateLimit limit = RateLimit.parse("50/1m");
    List<Rates> processes = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      processes.add(Rates.in(redis.cache()));
    }
    long admitted = 0;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Duration>> calls = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        Rates process = processes.get(i % processes.size());
        calls.add(() -> process.take(CRM, limit));
      }
      for (Future<Duration> wait : threads.invokeAll(calls)) {
        admitted += wait.get().isZero() ? 1 : 0;
      }
    }
    assertThat(admitted).isEqualTo(50);
  }

  @Test
  void without_redis_or_with_rubbish_in_it_each_process_counts_alone() {
    try (Jedis jedis = redis.open()) {
      jedis.set(CRM.key("rate"), "planted");
    }
    for (Rates process : List.of(Rates.in(redis.cache()), Rates.in(Cache.NONE))) {
      for (int i = 0; i < 3; i++) {
        assertThat(process.take(CRM, LIMIT)).isZero();
      }
      assertThat(process.take(CRM, LIMIT)).isPositive();
    }
  }

  @Test
  void what_is_counted_leaves_redis_when_it_counts_no_more() {
    for (int i = 0; i < 5; i++) {
      counts().take(CRM, LIMIT);
    }
    try (Jedis jedis = redis.open()) {
      List<String> keys = new ArrayList<>(jedis.keys("*"));
      assertThat(keys).hasSize(2);
      assertThat(keys).allMatch(key -> jedis.pttl(key) > 0 && jedis.pttl(key) <= 30_000);
    }
  }
}
