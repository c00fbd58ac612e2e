package io.orchestrator.adapter.guard;

import io.orchestrator.cache.Cache;
import io.orchestrator.cache.LuaScript;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * Circuits of all processes, each a hash in Redis. Its clock is Redis's own. A closed circuit
 * without failures has no key.
 */
final class SharedCircuits implements CircuitStates {
  /** A circuit that nobody asks for so long is closed again. */
  private static final String KEPT_MILLIS = Long.toString(Duration.ofDays(1).toMillis());

  private static final String NOW =
      """
      local t = redis.call('TIME')
      local now = t[1] * 1000 + math.floor(t[2] / 1000)
      """;

  // What is open for longer than its definition says has an older definition, or is no time at all.
  private static final LuaScript ENTER =
      new LuaScript(
          """
          local c = redis.call('HMGET', KEYS[1], 'until', 'probe_until')
          local till = tonumber(c[1])
          if not till then return 0 end
          """
              + NOW
              + """
              if till - now > tonumber(ARGV[1]) then
                till = now + tonumber(ARGV[1])
                redis.call('HSET', KEYS[1], 'until', till)
              end
              if till > now then return till - now end
              local held = (tonumber(c[2]) or 0) - now
              if held > 0 then return math.min(held, tonumber(ARGV[5])) end
              redis.call('HSET', KEYS[1], 'probe', ARGV[2], 'probe_until', now + tonumber(ARGV[3]))
              redis.call('PEXPIRE', KEYS[1], ARGV[4])
              return -1
              """);

  private static final LuaScript LEAVE =
      new LuaScript(
          """
          local c = redis.call('HMGET', KEYS[1], 'until', 'probe', 'times', 'failures')
          local till = tonumber(c[1])
          local mine = ARGV[2] ~= '' and c[2] == ARGV[2]
          if ARGV[1] == 'unknown' then
            if mine then redis.call('HDEL', KEYS[1], 'probe', 'probe_until') end
            return 0
          end
          if ARGV[1] == 'answered' then
            if mine or (c[3] and not till) then redis.call('DEL', KEYS[1]) end
            return mine and 2 or 0
          end
          if till and not mine then return 0 end
          """
              + NOW
              + """
              local times = {}
              for at in string.gmatch(c[3] or '', '%d+') do
                if now - tonumber(at) <= tonumber(ARGV[4]) then times[#times + 1] = at end
              end
              times[#times + 1] = string.format('%.0f', now)
              while #times > tonumber(ARGV[3]) do table.remove(times, 1) end
              redis.call('HSET', KEYS[1], 'times', table.concat(times, ' '))
              redis.call('PEXPIRE', KEYS[1], ARGV[6])
              local failures = till and (tonumber(c[4]) or 0) + 1 or #times
              if not till and failures < tonumber(ARGV[3]) then return 0 end
              redis.call('HSET', KEYS[1], 'until', now + tonumber(ARGV[5]), 'since', now, 'failures', failures)
              redis.call('HDEL', KEYS[1], 'probe', 'probe_until')
              return 1
              """);

  private static final LuaScript LOOK =
      new LuaScript(
          """
          local c = redis.call('HMGET', KEYS[1], 'until', 'since', 'failures', 'times')
          local till = tonumber(c[1])
          """
              + NOW
              + """
              local failures = tonumber(c[3]) or 0
              if not till then
                for at in string.gmatch(c[4] or '', '%d+') do
                  if now - tonumber(at) <= tonumber(ARGV[1]) then failures = failures + 1 end
                end
                return {0, failures, -1, 0}
              end
              if till > now then return {1, failures, now - (tonumber(c[2]) or now), till - now} end
              return {2, failures, now - till, 0}
              """);

  private static final LuaScript RESET = new LuaScript("return redis.call('DEL', KEYS[1])");

  /** In the order of their numbers in the scripts. */
  private static final List<CircuitState> STATES = List.of(CircuitState.values());

  private static final long OPENED = 1;
  private static final long CLOSED = 2;
  private static final long PROBE = -1;

  private final Cache cache;

  SharedCircuits(Cache cache) {
    this.cache = cache;
  }

  @Override
  public Optional<Entry> enter(Guarded guarded, CircuitBreaker breaker, Duration hold) {
    String probe = UUID.randomUUID().toString();
    Object said =
        ENTER.run(
            cache,
            keys(guarded),
            List.of(
                millis(breaker.open()),
                probe,
                millis(hold),
                KEPT_MILLIS,
                Long.toString(OwnCircuits.PROBED_MILLIS_MAX)));
    if (!(said instanceof Long wait)) {
      return Optional.empty();
    }
    if (wait > 0) {
      return Optional.of(new Entry.Barred(Duration.ofMillis(wait)));
    }
    return Optional.of(wait == PROBE ? new Entry.Passed(probe) : Entry.Passed.FREELY);
  }

  @Override
  public Optional<Turn> leave(
      Guarded guarded, CircuitBreaker breaker, String probe, Outcome outcome) {
    Object said =
        LEAVE.run(
            cache,
            keys(guarded),
            List.of(
                outcome.name().toLowerCase(Locale.ROOT),
                probe,
                Integer.toString(breaker.failures()),
                millis(breaker.window()),
                millis(breaker.open()),
                KEPT_MILLIS));
    return said instanceof Long turn
        ? Optional.of(turn == OPENED ? Turn.OPENED : turn == CLOSED ? Turn.CLOSED : Turn.NONE)
        : Optional.empty();
  }

  @Override
  public Optional<Circuit> look(Guarded guarded, CircuitBreaker breaker) {
    Object said = LOOK.run(cache, keys(guarded), List.of(millis(breaker.window())));
    return said instanceof List<?> list && list.size() == 4
        ? Optional.of(circuit(number(list, 0), number(list, 1), number(list, 2), number(list, 3)))
        : Optional.empty();
  }

  private static Circuit circuit(long state, long failures, long lasting, long left) {
    return new Circuit(
        STATES.get((int) state),
        (int) failures,
        lasting < 0 ? null : Duration.ofMillis(lasting),
        Duration.ofMillis(left));
  }

  private static long number(List<?> list, int index) {
    return ((Number) list.get(index)).longValue();
  }

  @Override
  public boolean reset(Guarded guarded) {
    return RESET.run(cache, keys(guarded), List.of()) != null;
  }

  private static List<String> keys(Guarded guarded) {
    return List.of(guarded.key("circuit"));
  }

  private static String millis(Duration duration) {
    return Long.toString(duration.toMillis());
  }
}
