package io.orchestrator.adapter.http;

import static io.orchestrator.adapter.Calling.call;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.orchestrator.adapter.AdapterCall;
import io.orchestrator.adapter.Adapters;
import io.orchestrator.adapter.AllowList;
import io.orchestrator.adapter.Answer;
import io.orchestrator.adapter.Calling;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many calls of one process at the same time, counted: no figure here depends on the machine. */
class InFlightTest {
  private static final int CALLS = 200;

  /** Answers nobody before so many are there at once. */
  private final CountDownLatch there = new CountDownLatch(CALLS);

  private final ExecutorService serving = Executors.newVirtualThreadPerTaskExecutor();
  private HttpServer server;
  private Egress egress;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), CALLS);
    server.setExecutor(serving);
    server.createContext(
        "/slow",
        exchange -> {
          there.countDown();
          boolean all = awaits(there);
          exchange.sendResponseHeaders(all ? 204 : 500, -1);
          exchange.close();
        });
    server.createContext(
        "/quick",
        exchange -> {
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.start();
    egress = new Egress(NameServer.SYSTEM, AllowList.parse(List.of("127.0.0.0/8")));
  }

  @AfterEach
  void stop() throws IOException {
    egress.close();
    server.stop(0);
    serving.shutdownNow();
  }

  private static boolean awaits(CountDownLatch latch) {
    try {
      return latch.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException told) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private Adapters adapters() {
    int port = server.getAddress().getPort();
    String definition =
        """
        {'adapter': '%s', 'base_url': 'http://127.0.0.1:%d', 'allow': ['127.0.0.1'], 'timeout': '60s',
         'default_action': 'go', 'actions': {'go': {'path': '/%s'}}}
        """;
    return new Adapters(
        Calling.definitions(
            definition.formatted("slow", port, "slow"),
            definition.formatted("quick", port, "quick")),
        Map.of("http", new HttpType(egress)),
        (tenant, name) -> null,
        InstantSource.fixed(Calling.NOW));
  }

  private static AdapterCall to(String adapter) {
    return call(adapter, null, "{}").build();
  }

  @Test
  void two_hundred_calls_of_one_process_to_one_service_are_in_flight_at_once() throws Exception {
    Adapters adapters = adapters();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Answer>> calls = new ArrayList<>();
      for (int i = 0; i < CALLS; i++) {
        calls.add(threads.submit(() -> adapters.call(to("slow"))));
      }
      for (Future<Answer> call : calls) {
        assertThat(call.get()).isInstanceOf(Answer.Done.class);
      }
    }
    assertThat(there.getCount()).isZero();
  }

  @Test
  void while_a_slow_service_holds_its_calls_those_of_another_come_and_go() throws Exception {
    Adapters adapters = adapters();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Answer>> slow = new ArrayList<>();
      for (int i = 0; i < CALLS - 1; i++) {
        slow.add(threads.submit(() -> adapters.call(to("slow"))));
      }
      for (int i = 0; i < CALLS; i++) {
        assertThat(adapters.call(to("quick"))).isInstanceOf(Answer.Done.class);
      }
      assertThat(slow).noneMatch(Future::isDone);
      assertThat(adapters.call(to("slow"))).isInstanceOf(Answer.Done.class);
      for (Future<Answer> call : slow) {
        assertThat(call.get()).isInstanceOf(Answer.Done.class);
      }
    }
  }
}
