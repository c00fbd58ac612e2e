package io.orchestrator.bench;

import io.orchestrator.expression.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * All kinds of requests in an open loop: each has its planned time, from which its latency counts,
 * whether or not those before it have been answered. The executions that it starts run beside it.
 */
final class MixedLoad {
  private static final String FLOW =
      "flow: mixed\nsearch: {n: $input.n}\nsteps:\n  - a: {set: {x: $input.n}}\n"
          + "  - b: {assert: $a.x >= 0, message: below}\n";
  private static final String JSON = "application/json";
  private static final String YAML = "application/yaml";

  /** Of a hundred requests. */
  private enum Kind {
    GET(30),
    START(20),
    LIST(15),
    HISTORY(10),
    FLOW(10),
    SEARCH(5),
    VALIDATE(5),
    FAILURES(5);

    final int share;

    Kind(int share) {
      this.share = share;
    }
  }

  private final ApiClient client;
  private final Report report;
  private final double rate = Double.parseDouble(Settings.text("RATE", "200"));
  private final int seconds = Integer.parseInt(Settings.text("RATE_SECONDS", "30"));
  private final int warmSeconds = Integer.parseInt(Settings.text("WARM_SECONDS", "15"));
  private final List<String> known = new ArrayList<>();

  MixedLoad(ApiClient client, Report report) {
    this.client = client;
    this.report = report;
  }

  void run() throws IOException, InterruptedException {
    client.post("/flows", YAML, FLOW);
    for (int i = 0; i < 200; i++) {
      known.add(start(i));
    }
    load(warmSeconds);
    Map<Kind, ConcurrentLinkedQueue<Double>> millis = load(seconds);
    millis.forEach(
        (kind, some) ->
            report.latencies(
                "mixed_" + kind.name().toLowerCase(java.util.Locale.ROOT) + "_ms", array(some)));
    double[] all =
        millis.values().stream().flatMapToDouble(some -> Arrays.stream(array(some))).toArray();
    report.line("mixed_requests_s", all.length / (double) seconds);
    report.latencies("mixed_ms", all);
  }

  private static double[] array(ConcurrentLinkedQueue<Double> some) {
    return some.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private Map<Kind, ConcurrentLinkedQueue<Double>> load(int forSeconds) throws IOException {
    Map<Kind, ConcurrentLinkedQueue<Double>> millis = new ConcurrentHashMap<>();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Random random = new Random(17);
    long begun = System.nanoTime();
    int requests = (int) (rate * forSeconds);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < requests; i++) {
        long planned = begun + (long) (i * 1e9 / rate);
        Kind kind = kind(random.nextInt(100));
        int number = random.nextInt(known.size());
        for (long left = planned - System.nanoTime();
            left > 0;
            left = planned - System.nanoTime()) {
          LockSupport.parkNanos(left);
        }
        threads.execute(
            () -> {
              try {
                ask(kind, number);
                millis
                    .computeIfAbsent(kind, _ -> new ConcurrentLinkedQueue<>())
                    .add((System.nanoTime() - planned) / 1e6);
              } catch (IOException | InterruptedException | RuntimeException e) {
                failure.compareAndSet(null, e);
              }
            });
      }
    }
    if (failure.get() != null) {
      throw new IOException("a request of the load failed", failure.get());
    }
    return millis;
  }

  private static Kind kind(int dice) {
    int sum = 0;
    for (Kind kind : Kind.values()) {
      sum += kind.share;
      if (dice < sum) {
        return kind;
      }
    }
    throw new IllegalStateException("the shares are " + sum + " of a hundred");
  }

  private void ask(Kind kind, int number) throws IOException, InterruptedException {
    String execution = "/executions/" + known.get(number);
    var _ =
        switch (kind) {
          case GET -> client.get(execution);
          case START -> start(number);
          case LIST -> client.get("/executions?limit=20&flow=flow-" + number);
          case HISTORY -> client.get(execution + "/history");
          case FLOW -> client.get("/flows/mixed");
          case SEARCH -> client.get("/flows?q=word" + number);
          case VALIDATE -> client.post("/flows/validate", YAML, FLOW);
          case FAILURES -> client.get("/executions/failures?limit=5&flow=flow-" + number);
        };
  }

  private String start(int number) throws IOException, InterruptedException {
    String body = "{\"input\": {\"n\": " + number + "}}";
    String answer = client.post("/flows/mixed/execute", JSON, body);
    return (String) ((Map<?, ?>) Json.read(answer)).get("id");
  }
}
