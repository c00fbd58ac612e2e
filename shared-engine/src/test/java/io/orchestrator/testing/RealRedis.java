package io.orchestrator.testing;

import io.orchestrator.cache.Cache;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import redis.clients.jedis.Jedis;
import redis.embedded.RedisServer;

/** A real Redis of a test, on a free port, that keeps nothing and can be stopped and started. */
public final class RealRedis implements AutoCloseable {
  private final int port;
  private final List<Cache> caches = new ArrayList<>();
  private RedisServer server;

  /** A Redis that runs. */
  public RealRedis() {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start();
  }

  public void start() {
    try {
      server =
          RedisServer.newRedisServer()
              .port(port)
              .setting("bind 127.0.0.1")
              .setting("save \"\"")
              .setting("maxmemory 64mb")
              .build();
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void stop() {
    try {
      server.stop();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Another process's connections to it. */
  public Cache cache() {
    Cache cache = Cache.at("redis://127.0.0.1:" + port + "/0");
    caches.add(cache);
    return cache;
  }

  /** A connection to look inside. */
  public Jedis open() {
    return new Jedis("127.0.0.1", port);
  }

  @Override
  public void close() {
    caches.forEach(Cache::close);
    stop();
  }
}
