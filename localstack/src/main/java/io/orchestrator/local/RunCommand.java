package io.orchestrator.local;

import io.orchestrator.expression.Json;
import io.orchestrator.flow.Problem;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
  public Integer call() {
    Map<String, Object> input = new Given(spec.commandLine()).fields("--input", inputs);
    PrintStream out = Terminal.out();
    try (Client client = Client.of(folder.home(), tenant)) {
      String name =
          isFile() ? new Installer(client).publish(FlowFile.read(Path.of(flow))).flow() : flow;
      Client.Answer started =
          client.send(
              "POST",
              "/flows/" + Whose.encoded(name) + "/execute",
              Client.JSON,
              Json.write(Map.of("input", input)).getBytes(StandardCharsets.UTF_8));
      if (!started.succeeded()) {
        throw new StackException(refusal(name, started));
      }
      Map<String, Object> brief = started.json();
      out.println(
          "Execution " + brief.get("id") + " of " + brief.get("flow") + " " + brief.get("version"));
      Following following = new Following(client, out);
      return following.print(following.follow(Data.text(brief.get("id")), watch));
    }
  }

  private boolean isFile() {
    return flow.indexOf('/') >= 0
        || flow.endsWith(".yaml")
        || flow.endsWith(".yml")
        || flow.endsWith(".json")
        || Files.isRegularFile(Path.of(flow));
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
}
