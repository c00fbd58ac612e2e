package io.orchestrator.functions;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import redis.clients.jedis.Jedis;
import redis.embedded.RedisServer;

/** A real Redis of one's own, on a free port, that keeps nothing. */
final class TestRedis implements AutoCloseable {
  private final int port;
  private final RedisServer server;

  TestRedis() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    server =
        RedisServer.newRedisServer()
            .port(port)
            .setting("bind 127.0.0.1")
            .setting("save \"\"")
            .build();
    server.start();
  }

  String url() {
    return "redis://127.0.0.1:" + port + "/0";
  }

  /** A connection to look inside. */
  Jedis open() {
    return new Jedis("127.0.0.1", port);
  }

  @Override
  public void close() throws IOException {
    server.stop();
  }
}
