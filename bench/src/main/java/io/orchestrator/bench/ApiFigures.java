package io.orchestrator.bench;

import io.orchestrator.local.Console;
import io.orchestrator.local.Stack;
import io.orchestrator.local.StackOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How long clients wait for the API of a whole local stack that has a lot: lists over a million
 * executions, searches over ten thousand flows, and all kinds of requests at a steady rate.
 */
final class ApiFigures {
  private static final int WARM = 30;
  private static final int ASKED = 200;

  private final Report report = new Report("orchestrator-stack", "API");

  void run() throws IOException, SQLException, InterruptedException {
    int executions = Integer.parseInt(Settings.text("EXECUTIONS", "1000000"));
    int flows = Integer.parseInt(Settings.text("FLOWS", "10000"));
    Path data = Files.createTempDirectory("orchestrator-bench-api-");
    Path template = Path.of(System.getProperty("orchestrator.home", "."), "template.yaml");
    try (Postgres postgres = Postgres.open()) {
      Map<String, String> environment =
          Map.of("DATABASE_URL", postgres.url(), "OWNER_DATABASE_USER", postgres.user());
      Console console = new Console(System.err);
      try (Stack stack =
              Stack.start(StackOptions.of(template, data).onPort(0).with(environment), console);
          ApiClient client = new ApiClient(stack.url(), token(stack))) {
        long begun = System.nanoTime();
        Crowd.fill(postgres, executions, flows);
        report.line("fill_s", (System.nanoTime() - begun) / 1e9);
        report.line("executions", executions);
        report.line("flows", flows);
        for (Map.Entry<String, String> question : questions().entrySet()) {
          report.latencies(question.getKey() + "_ms", asked(client, question.getValue()));
        }
        new MixedLoad(client, report).run();
      }
    } finally {
      Folders.delete(data);
    }
  }

  private static String token(Stack stack) {
    return stack.issuer().token(Crowd.TENANT, List.of("flow:admin"), "bench", Clock.systemUTC());
  }

  /** What is asked for, by the name of its figure. */
  private static Map<String, String> questions() {
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    String span =
        "&from=" + now.minus(12, ChronoUnit.DAYS) + "&to=" + now.minus(11, ChronoUnit.DAYS);
    Map<String, String> questions = new LinkedHashMap<>();
    questions.put("list_newest", "/executions?limit=100");
    questions.put("list_flow", "/executions?limit=100&flow=flow-7");
    questions.put("list_version", "/executions?limit=100&flow=flow-7&version=2.0.0");
    questions.put("list_failed", "/executions?limit=100&status=failed,timed_out");
    questions.put("list_waiting", "/executions?limit=100&status=waiting");
    questions.put("list_time", "/executions?limit=100" + span);
    questions.put("list_flow_time", "/executions?limit=100&flow=flow-7" + span);
    questions.put(
        "list_flow_failed_time", "/executions?limit=100&flow=flow-7&status=failed" + span);
    questions.put("list_search", "/executions?limit=100&search.customer=c-77");
    questions.put("failures", "/executions/failures");
    questions.put("search_words", "/flows?limit=100&q=word7");
    questions.put("search_common", "/flows?limit=100&q=common&category=category-3&tag=all");
    return questions;
  }

  /** Milliseconds of one request after the other, once warm. */
  private static double[] asked(ApiClient client, String path)
      throws IOException, InterruptedException {
    for (int i = 0; i < WARM; i++) {
      client.get(path);
    }
    double[] millis = new double[ASKED];
    for (int i = 0; i < ASKED; i++) {
      long begun = System.nanoTime();
      client.get(path);
      millis[i] = (System.nanoTime() - begun) / 1e6;
    }
    return millis;
  }
}
