package io.orchestrator.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalRedisTest {
  @TempDir Path folder;

  @Test
  void a_started_server_answers_and_is_gone_after_close() throws IOException {
    Home home = new Home(folder);
    LocalRedis redis = LocalRedis.start(home, new Ports(home));
    try (redis;
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), redis.port())) {
      socket
          .getOutputStream()
          .write("CONFIG GET save\r\nPING\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(redis.url()).isEqualTo("redis://127.0.0.1:" + redis.port());
      assertThat(new String(socket.getInputStream().readNBytes(27), StandardCharsets.US_ASCII))
          .contains("save", "$0");
    }
    assertThat(ProcessHandle.of(redis.pid()).filter(ProcessHandle::isAlive)).isEmpty();
  }

  @Test
  void a_server_that_a_killed_stack_left_behind_is_replaced() {
    Home home = new Home(folder);
    LocalRedis left = LocalRedis.start(home, new Ports(home));
    try (LocalRedis next = LocalRedis.start(home, new Ports(home))) {
      assertThat(ProcessHandle.of(left.pid()).filter(ProcessHandle::isAlive)).isEmpty();
      assertThat(next.port()).isEqualTo(left.port());
    }
  }
}
