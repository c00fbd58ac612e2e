package io.orchestrator.adapter.guard;

import io.orchestrator.cache.Cache;
import io.orchestrator.cache.LuaScript;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Calls of all processes, a list of their times in Redis, the latest first, by Redis's own clock. A
 * second key counts those that were told to wait.
 */
final class SharedCounts implements CallCounts {
  private static final LuaScript TAKE =
      new LuaScript(
          """
          local calls = tonumber(ARGV[1])
          local window = tonumber(ARGV[2])
          local t = redis.call('TIME')
          local now = t[1] * 1000 + math.floor(t[2] / 1000)
          local first = tonumber(redis.call('LINDEX', KEYS[1], calls - 1))
          if not first or now - first >= window or first > now then
            redis.call('LPUSH', KEYS[1], now)
            redis.call('LTRIM', KEYS[1], 0, calls - 1)
            redis.call('PEXPIRE', KEYS[1], window)
            if redis.call('EXISTS', KEYS[2]) == 1 and redis.call('DECR', KEYS[2]) <= 0 then
              redis.call('DEL', KEYS[2])
            end
            return 0
          end
          local waiting = redis.call('INCR', KEYS[2]) - 1
          local free = tonumber(redis.call('LINDEX', KEYS[1], calls - 1 - waiting % calls)) or now
          local wait = free + window - now + math.floor(waiting / calls) * window
          redis.call('PEXPIRE', KEYS[2], wait + window)
          return math.max(1, wait)
          """);

  private final Cache cache;

  SharedCounts(Cache cache) {
    this.cache = cache;
  }

  @Override
  public Optional<Duration> take(Guarded guarded, RateLimit limit) {
    String key = guarded.key("rate");
    Object said =
        TAKE.run(
            cache,
            List.of(key, key + ":waiting"),
            List.of(Integer.toString(limit.calls()), Long.toString(limit.window().toMillis())));
    return said instanceof Long wait ? Optional.of(Duration.ofMillis(wait)) : Optional.empty();
  }
}
