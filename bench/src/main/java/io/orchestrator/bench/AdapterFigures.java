package io.orchestrator.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.orchestrator.adapter.AdapterCall;
import io.orchestrator.adapter.Adapters;
import io.orchestrator.adapter.AllowList;
import io.orchestrator.adapter.Answer;
import io.orchestrator.adapter.Definition;
import io.orchestrator.adapter.DefinitionReader;
import io.orchestrator.adapter.Definitions;
import io.orchestrator.adapter.Guards;
import io.orchestrator.adapter.Watch;
import io.orchestrator.adapter.guard.Circuits;
import io.orchestrator.adapter.guard.ForcedCircuits;
import io.orchestrator.adapter.guard.Rates;
import io.orchestrator.adapter.http.Egress;
import io.orchestrator.adapter.http.HttpType;
import io.orchestrator.adapter.http.NameServer;
import io.orchestrator.cache.Cache;
import io.orchestrator.expression.Json;
import io.orchestrator.local.Home;
import io.orchestrator.local.LocalRedis;
import io.orchestrator.local.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * What the road of a call costs beside the service itself, and whether a slow service is in the way
 * of another: over real HTTP, with circuit and rate limit in a real Redis, a schema, a secret and a
 * result that is transformed.
 */
public final class AdapterFigures {
  private static final int WARM = 5_000;
  private static final int CALLS = 5_000;
  private static final int IN_FLIGHT = 200;
  private static final long SLOW_NANOS = 10_000_000_000L;
  private static final String TOOK = "X-Took-Nanos";

  private final HttpServer server;
  private final Adapters adapters;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();

  private AdapterFigures(HttpServer server, Egress egress, Cache cache) {
    this.server = server;
    server.createContext("/quick", exchange -> answer(exchange, 0));
    server.createContext("/slow", exchange -> answer(exchange, SLOW_NANOS));
    this.adapters =
        new Adapters(
            new Two(definition("quick"), definition("slow")),
            Map.of("http", new HttpType(egress)),
            (tenant, name) -> "a secret of the benchmark",
            InstantSource.system(),
            new Guards(ForcedCircuits.NONE, Circuits.in(cache), Rates.in(cache), Watch.NONE));
  }

  public static void main(String[] args) throws Exception {
    Path folder = Files.createTempDirectory("adapter-figures");
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), IN_FLIGHT);
    Home home = new Home(folder);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        LocalRedis redis = LocalRedis.start(home, new Ports(home));
        Cache cache = Cache.at(redis.url());
        Egress egress = new Egress(NameServer.SYSTEM, AllowList.parse("127.0.0.0/8"))) {
      server.setExecutor(threads);
      AdapterFigures figures = new AdapterFigures(server, egress, cache);
      server.start();
      figures.measure();
      server.stop(0);
    } finally {
      Folders.delete(folder);
    }
    System.exit(0); // what a library has left running must not keep the process
  }

  private void measure() throws Exception {
    for (int i = 0; i < WARM; i++) {
      overhead();
    }
    double[] overhead = new double[CALLS];
    for (int i = 0; i < CALLS; i++) {
      overhead[i] = overhead();
    }
    say("overhead_ms", overhead);
    double[] alone = quick();
    say("quick_alone_ms", alone);
    double[] beside;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Answer>> slow = new ArrayList<>();
      for (int i = 0; i < IN_FLIGHT; i++) {
        slow.add(threads.submit(() -> adapters.call(call("slow"))));
      }
      while (inFlight.get() < IN_FLIGHT) {
        LockSupport.parkNanos(1_000_000);
      }
      beside = quick();
      for (Future<Answer> one : slow) {
        answered(one.get());
      }
    }
    say("quick_beside_slow_ms", beside);
    System.out.printf(Locale.ROOT, "adapters in_flight %d%n", most.get());
    System.out.printf(
        Locale.ROOT,
        "adapters beside_slow_p95_ratio %.2f%n",
        percentile(beside, 95) / percentile(alone, 95));
  }

  /** Milliseconds of as many quick calls as fit into a part of the slow ones' time. */
  private double[] quick() {
    double[] took = new double[2_000];
    for (int i = 0; i < took.length; i++) {
      long begun = System.nanoTime();
      answered(adapters.call(call("quick")));
      took[i] = (System.nanoTime() - begun) / 1e6;
    }
    return took;
  }

  /** Milliseconds of a call less what the service says it has taken itself. */
  private double overhead() {
    long begun = System.nanoTime();
    Map<?, ?> result = answered(adapters.call(call("quick")));
    long took = System.nanoTime() - begun;
    return (took - Long.parseLong((String) result.get("took"))) / 1e6;
  }

  private static Map<?, ?> answered(Answer answer) {
    if (answer instanceof Answer.Done(Map<?, ?> result, String _)) {
      return result;
    }
    throw new IllegalStateException("a call has failed: " + answer);
  }

  private static void say(String metric, double[] values) {
    System.out.printf(
        Locale.ROOT,
        "adapters %1$s_p50 %2$.3f%nadapters %1$s_p95 %3$.3f%nadapters %1$s_p99 %4$.3f%n",
        metric,
        percentile(values, 50),
        percentile(values, 95),
        percentile(values, 99));
  }

  private static double percentile(double[] values, int percent) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
  }

  // -- the service

  private void answer(HttpExchange exchange, long nanos) throws IOException {
    long begun = System.nanoTime();
    most.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      for (long left = nanos; left > 0; left = nanos - (System.nanoTime() - begun)) {
        LockSupport.parkNanos(left);
      }
      byte[] body = "{\"id\": \"c-1\", \"more\": [1, 2, 3]}".getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.getResponseHeaders().set(TOOK, Long.toString(System.nanoTime() - begun));
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    } finally {
      inFlight.decrementAndGet();
    }
  }

  // -- its adapters

  private Definition definition(String name) {
    String json =
        """
        {"adapter": "%s", "base_url": "http://127.0.0.1:%d", "allow": ["127.0.0.1"], "timeout": "60s",
         "auth": {"bearer": {"secret": "key"}}, "circuit_breaker": {}, "rate_limit": "10000/100ms",
         "actions": {"go": {"path": "/%s", "input": {"amount": "integer", "currency": "string"},
          "output": {"id": "$response.body.id", "took": "$response.headers['x-took-nanos']"}}}}
        """
            .formatted(name, server.getAddress().getPort(), name);
    @SuppressWarnings("unchecked") // what Json reads as an object has string keys
    Map<String, Object> data = (Map<String, Object>) Json.read(json);
    return DefinitionReader.readStrictly(data).definition();
  }

  private record Two(Definition quick, Definition slow) implements Definitions {
    @Override
    public Definition find(String tenant, String adapter) {
      return adapter.equals("quick") ? quick : slow;
    }

    @Override
    public Collection<Definition> all(String tenant) {
      return List.of(quick, slow);
    }
  }

  private static AdapterCall call(String adapter) {
    UUID execution = UUID.randomUUID();
    return new AdapterCall(
        "bench",
        execution,
        "bench",
        "step",
        1,
        adapter,
        "go",
        Map.of("amount", 2_000L, "currency", "EUR"),
        execution + "/step",
        null,
        null,
        false,
        null,
        null,
        null);
  }
}
