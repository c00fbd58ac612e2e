package io.orchestrator.bench;

import io.orchestrator.expression.Json;
import io.orchestrator.local.Console;
import io.orchestrator.local.Stack;
import io.orchestrator.local.StackOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * The whole stack, used as any client does: HTTP in, queues, functions, adapter calls over HTTP. It
 * is started in this process, or is the one at STACK_URL (then STACK_TOKEN is a token with
 * flow:admin, and the PG variables name its database).
 */
final class StackSubject implements Subject {
  private static final Duration ANSWER_MAX = Duration.ofSeconds(30);
  private static final String AWAITS =
      "{adapter: probe, action: announce, params: {id: $input.id, url: $callback.url}, await:"
          + " {callback: true}}";

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Running running;
  private final ProbeServer server;
  private final Completions completions;

  /** A stack that runs: where, what lets us in, the processes that work for it, and how it ends. */
  private record Running(String url, String token, long[] pids, Postgres.Closes closes) {}

  private StackSubject(Running running, Settings settings, Probe probe)
      throws IOException, SQLException, InterruptedException {
    this.running = running;
    this.server = new ProbeServer(probe);
    this.completions = new Completions(settings.postgres(), probe);
    put("/adapters/probe", server.adapter());
    put("/flows/bench", settings.workload().flow(AWAITS));
  }

  static StackSubject open(Settings settings, Probe probe)
      throws IOException, SQLException, InterruptedException {
    String url = Settings.text("STACK_URL", "");
    Running running =
        url.isEmpty()
            ? start(settings.postgres())
            : new Running(
                url, Settings.text("STACK_TOKEN", ""), new long[] {settings.serverPid()}, () -> {});
    return new StackSubject(running, settings, probe);
  }

  /** The functions use the database that is measured; the stack's own one rests. */
  private static Running start(Postgres postgres) throws IOException {
    Path data = Files.createTempDirectory("orchestrator-bench-stack-");
    Path template = Path.of(System.getProperty("orchestrator.home", "."), "template.yaml");
    Map<String, String> environment =
        Map.of("DATABASE_URL", postgres.url(), "OWNER_DATABASE_USER", postgres.user());
    Stack stack =
        Stack.start(
            StackOptions.of(template, data).onPort(0).with(environment), new Console(System.err));
    String token = stack.issuer().token("bench", List.of("flow:admin"), "bench", Clock.systemUTC());
    Postgres.Closes closes =
        () -> {
          stack.close();
          Folders.delete(data);
        };
    return new Running(stack.url(), token, new long[] {stack.redis().pid()}, closes);
  }

  @Override
  public void start(String id) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(running.url() + "/flows/bench/execute"))
            .timeout(ANSWER_MAX)
            .header("Authorization", "Bearer " + running.token())
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{\"input\": {\"id\": \"" + id + "\"}}"))
            .build();
    String answer = send(request, 202);
    completions.expect((String) ((Map<?, ?>) Json.read(answer)).get("id"), id);
  }

  @Override
  public void signal(String id) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.callback(id)))
            .timeout(ANSWER_MAX)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{\"go\": true}"))
            .build();
    send(request, 200);
  }

  private String send(HttpRequest request, int expected) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        http.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    if (answer.statusCode() != expected) {
      throw new IOException(
          request.uri().getPath() + " answered " + answer.statusCode() + " " + answer.body());
    }
    return answer.body();
  }

  /** Puts a definition, whether or not there is one from an earlier run. */
  private void put(String path, String yaml) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        http.send(definition(path, yaml).build(), HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() == 428) {
      answer =
          http.send(
              definition(path, yaml).header("If-Match", "*").build(),
              HttpResponse.BodyHandlers.ofString());
    }
    if (answer.statusCode() / 100 != 2) {
      throw new IOException(path + " answered " + answer.statusCode() + " " + answer.body());
    }
  }

  private HttpRequest.Builder definition(String path, String yaml) {
    return HttpRequest.newBuilder(URI.create(running.url() + path))
        .timeout(ANSWER_MAX)
        .header("Authorization", "Bearer " + running.token())
        .header("Content-Type", "application/yaml")
        .PUT(HttpRequest.BodyPublishers.ofString(yaml));
  }

  @Override
  public long harnessTransactions() {
    return completions.looks();
  }

  @Override
  public LongStream serverPids() {
    return LongStream.of(running.pids());
  }

  @Override
  public void close() {
    completions.close();
    server.close();
    running.closes().run();
    http.close();
  }
}
