package io.orchestrator.cache;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisAccessControlException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.SetParams;
import redis.clients.jedis.util.JedisURIHelper;

/**
 * One Redis that may vanish at any time. A failure is a miss, is logged once per change of state,
 * and stops all asking for half a second, so that a dead Redis costs the road next to nothing.
 * Connects at first use, and again after {@link #close()}. Safe for many threads.
 */
public final class Cache implements AutoCloseable {
  /** No Redis at all: everything is a miss. */
  public static final Cache NONE = new Cache(null, null);

  private static final Logger log = LoggerFactory.getLogger(Cache.class);
  private static final int TIMEOUT_MILLIS = 100;
  private static final int CONNECTIONS_MAX = 32;
  private static final Duration REST = Duration.ofMillis(500);
  private static final long UP = 0;

  private final URI address;
  private final UnifiedJedis given;
  private final ReentrantLock opening = new ReentrantLock();

  /** {@link #UP}, or the nanosecond from which on one caller may try again. */
  private final AtomicLong downUntil = new AtomicLong(UP);

  private final AtomicBoolean complained = new AtomicBoolean();
  private volatile RedisClient client;

  private Cache(URI address, UnifiedJedis given) {
    this.address = address;
    this.given = given;
  }

  /** The Redis at {@code redis://} or {@code rediss://}; empty or null means {@link #NONE}. */
  public static Cache at(String url) {
    return url == null || url.isBlank() ? NONE : new Cache(URI.create(url), null);
  }

  /** Asks that client, whatever it is; it stays open. */
  public static Cache over(UnifiedJedis client) {
    return new Cache(null, client);
  }

  /** Is there a Redis to ask at all? It may still be down. */
  public boolean exists() {
    return address != null || given != null;
  }

  /**
   * Asks Redis; {@code otherwise} if it is down, slow or answers with an error. The question must
   * not be null-valued.
   */
  public <T> T ask(Function<UnifiedJedis, T> question, T otherwise) {
    if (!exists() || !mayTry()) {
      return otherwise;
    }
    try {
      T answer = question.apply(given == null ? connected() : given);
      noteSuccess();
      return answer;
    } catch (JedisAccessControlException e) {
      noteFailure(e);
      return otherwise;
    } catch (JedisDataException e) {
      noteComplaint(e);
      return otherwise;
    } catch (JedisException e) {
      noteFailure(e);
      return otherwise;
    }
  }

  byte[] get(byte[] key) {
    return ask(redis -> redis.get(key), null);
  }

  /** The value, which is deleted by the same command. */
  byte[] take(byte[] key) {
    return ask(redis -> redis.getDel(key), null);
  }

  void put(byte[] key, byte[] value, Duration ttl) {
    ask(redis -> redis.set(key, value, SetParams.setParams().px(ttl.toMillis())), null);
  }

  /** Only if there is nothing yet. */
  void putNew(byte[] key, byte[] value, Duration ttl) {
    ask(redis -> redis.set(key, value, SetParams.setParams().nx().px(ttl.toMillis())), null);
  }

  void delete(byte[] key) {
    ask(redis -> redis.del(key), 0L);
  }

  /**
   * Closes the connections; the next question opens them again. Called before a snapshot of the
   * process is taken.
   */
  @Override
  public void close() {
    opening.lock();
    try {
      if (client != null) {
        client.close();
        client = null;
      }
    } finally {
      opening.unlock();
    }
  }

  private RedisClient connected() {
    RedisClient open = client;
    if (open != null) {
      return open;
    }
    opening.lock();
    try {
      if (client == null) {
        client = open();
      }
      return client;
    } finally {
      opening.unlock();
    }
  }

  private RedisClient open() {
    ConnectionPoolConfig pool = new ConnectionPoolConfig();
    pool.setMaxTotal(CONNECTIONS_MAX);
    pool.setMaxIdle(CONNECTIONS_MAX);
    pool.setMinIdle(0);
    pool.setTestWhileIdle(false);
    pool.setTimeBetweenEvictionRuns(Duration.ofMillis(-1));
    pool.setMaxWait(Duration.ofMillis(TIMEOUT_MILLIS));
    pool.setJmxEnabled(false);
    // RESP2 and no client info: two round trips less for each new connection.
    JedisClientConfig config =
        DefaultJedisClientConfig.builder()
            .timeoutMillis(TIMEOUT_MILLIS)
            .user(JedisURIHelper.getUser(address))
            .password(JedisURIHelper.getPassword(address))
            .database(JedisURIHelper.getDBIndex(address))
            .sslOptions(JedisURIHelper.isRedisSSLScheme(address) ? SslOptions.defaults() : null)
            .clientSetInfoConfig(ClientSetInfoConfig.DISABLED)
            .resp2()
            .build();
    return RedisClient.builder()
        .hostAndPort(JedisURIHelper.getHostAndPort(address))
        .clientConfig(config)
        .poolConfig(pool)
        .build();
  }

  /**
   * While down, the first caller after the rest moves the mark on, and so is the only one to try.
   */
  private boolean mayTry() {
    long until = downUntil.get();
    if (until == UP) {
      return true;
    }
    long now = System.nanoTime();
    return now - until >= 0 && downUntil.compareAndSet(until, mark(now));
  }

  private void noteSuccess() {
    if (downUntil.get() != UP && downUntil.getAndSet(UP) != UP) {
      log.info("Redis answers again");
    }
  }

  private void noteFailure(JedisException e) {
    if (downUntil.getAndSet(mark(System.nanoTime())) == UP) {
      log.warn("Redis does not answer; working without it", e);
    }
    RedisClient open = client;
    if (open != null) {
      // Connections that idled through a restart are dead as well, and each would cost another
      // rest.
      open.getPool().clear();
    }
  }

  /**
   * An error as an answer (wrong type, no memory left) says that Redis is there: a miss, but no
   * reason to stop asking.
   */
  private void noteComplaint(JedisDataException e) {
    noteSuccess();
    if (complained.compareAndSet(false, true)) {
      log.warn("Redis answers with an error; the first is shown, each is a miss", e);
    }
  }

  private static long mark(long now) {
    long until = now + REST.toNanos();
    return until == UP ? 1 : until;
  }
}
