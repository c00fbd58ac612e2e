package io.orchestrator.local;

import io.orchestrator.expression.Json;
import io.orchestrator.flow.Problem;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Starts a flow on the running stack and follows it to its end. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = "Runs a flow on the local stack and prints its output, or its error.",
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {"0: completed", "1: any other end, or no stack runs", "2: wrong usage"})
final class RunCommand implements Callable<Integer> {
  private static final Set<String> FINAL =
      Set.of(
          "completed",
          "failed",
          "cancelled",
          "timed_out",
          "compensated",
          "compensation_failed",
          "quarantined");
  private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

  @Spec private CommandSpec spec;
  @Mixin private Main.Folder folder;

  @Parameters(
      paramLabel = "FLOW",
      description = "The name of a published flow, or a file, which is published first.")
  private String flow;

  @Option(
      names = "--input",
      paramLabel = "KEY=VALUE|@FILE",
      description =
          "A field of the input (its value is read as JSON if it is JSON, else as text), or a file"
              + " with all of it.")
  private List<String> inputs = List.of();

  @Option(names = "--watch", description = "Shows the steps while they run.")
  private boolean watch;

  @Option(names = "--tenant", description = "The tenant (default: ${DEFAULT-VALUE}).")
  private String tenant = "local";

  @Override
  public Integer call() throws InterruptedException {
    Map<String, Object> input = Inputs.read(spec, "--input", inputs);
    PrintStream out = Terminal.out();
    try (Client client = Client.of(folder.home(), tenant)) {
      String name =
          isFile() ? new Installer(client).publish(FlowFile.read(Path.of(flow))).flow() : flow;
      Client.Answer started =
          client.send(
              "POST",
              "/flows/" + segment(name) + "/execute",
              Client.JSON,
              Json.write(Map.of("input", input)).getBytes(StandardCharsets.UTF_8));
      if (!started.succeeded()) {
        throw new StackException(refusal(name, started));
      }
      Map<String, Object> brief = started.json();
      out.println(
          "Execution " + brief.get("id") + " of " + brief.get("flow") + " " + brief.get("version"));
      Map<String, Object> ended = follow(client, Data.text(brief.get("id")), out);
      print(ended, out);
      return "completed".equals(ended.get("status")) ? 0 : 1;
    }
  }

  private boolean isFile() {
    return flow.indexOf('/') >= 0
        || flow.endsWith(".yaml")
        || flow.endsWith(".yml")
        || flow.endsWith(".json")
        || Files.isRegularFile(Path.of(flow));
  }

  private static String segment(String name) {
    return java.net.URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static String refusal(String name, Client.Answer answer) {
    StringBuilder text =
        new StringBuilder(name).append(" was not started: ").append(answer.problem());
    for (Map<String, Object> error : Data.maps(answer.json().get("errors"))) {
      Problem problem = Findings.problem(error);
      text.append("\n  ").append(problem.path()).append(' ').append(problem.message());
      text.append(problem.hint().isEmpty() ? "" : " (" + problem.hint() + ")");
    }
    return text.toString();
  }

  // -- its way to the end

  private Map<String, Object> follow(Client client, String id, PrintStream out)
      throws InterruptedException {
    boolean redraws = watch && Terminal.redraws();
    StepTree tree = watch ? new StepTree(out, redraws, redraws ? Terminal.height() : 0) : null;
    boolean toldOfWait = watch;
    while (true) {
      Client.Answer answer = client.get("/executions/" + id, Client.JSON);
      if (!answer.succeeded()) {
        throw new StackException("The execution " + id + " cannot be seen: " + answer.problem());
      }
      Map<String, Object> execution = answer.json();
      if (tree != null) {
        tree.show(execution);
      }
      if (FINAL.contains(Data.text(execution.get("status")))) {
        return execution;
      }
      if (!toldOfWait && "waiting".equals(execution.get("status"))) {
        toldOfWait = true;
        Data.maps(execution.get("waiting_for"))
            .forEach(
                wait ->
                    out.println(
                        "Waiting at "
                            + wait.get("step")
                            + " for a "
                            + wait.get("kind")
                            + ", until "
                            + wait.get("until")));
      }
      // The pause between two looks: the API has no live events yet.
      Thread.sleep(LOOK_AGAIN);
    }
  }

  private static void print(Map<String, Object> execution, PrintStream out) {
    String status = Data.text(execution.get("status"));
    String handled = Boolean.TRUE.equals(execution.get("handled")) ? " (handled)" : "";
    Duration took =
        Duration.between(
            Instant.parse(Data.text(execution.get("started_at"))),
            execution.get("ended_at") == null
                ? Instant.now()
                : Instant.parse(Data.text(execution.get("ended_at"))));
    out.println("%s%s after %.2f s".formatted(status, handled, took.toMillis() / 1000.0));
    if (status.equals("completed")) {
      out.println(PrettyJson.of(execution.get("output")));
      return;
    }
    Map<String, Object> error = Data.map(execution.get("error"));
    if (!error.isEmpty()) {
      String where = error.get("step") == null ? "" : " at step " + error.get("step");
      out.println("error " + error.get("type") + where + ": " + error.get("message"));
    } else if (execution.get("reason") != null) {
      out.println("reason: " + execution.get("reason"));
    }
  }
}
