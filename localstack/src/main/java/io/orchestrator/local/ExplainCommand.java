package io.orchestrator.local;

import io.orchestrator.expression.Json;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what every part of an expression comes to over an execution. */
@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    description = "Shows what every part of an expression comes to over an execution.",
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0: it has a value",
      "1: it has none, there is no such execution, or no stack runs",
      "2: wrong usage"
    })
final class ExplainCommand implements Callable<Integer> {
  private static final int VALUE_CHARS_MAX = 120;

  @Mixin private Main.Folder folder;

  @Parameters(index = "0", paramLabel = "EXECUTION", description = "The id of an execution.")
  private String execution;

  @Parameters(
      index = "1",
      paramLabel = "EXPRESSION",
      description = "For example '$charge.status == \"paid\"', in single quotes.")
  private String expression;

  @Option(
      names = "--step",
      paramLabel = "PATH",
      description = "From where it is seen: the id of a step, in a loop its path (each[3]/charge).")
  private String step;

  @Option(names = "--tenant", description = "The tenant (default: ${DEFAULT-VALUE}).")
  private String tenant = "local";

  @Override
  public Integer call() {
    PrintStream out = Terminal.out();
    Map<String, Object> question = new LinkedHashMap<>();
    question.put("expression", expression);
    if (step != null) {
      question.put("step", step);
    }
    try (Client client = Client.of(folder.home(), tenant)) {
      Client.Answer answer =
          client.send(
              "POST",
              "/executions/" + execution + "/explain",
              Client.JSON,
              Json.write(question).getBytes(StandardCharsets.UTF_8));
      List<Map<String, Object>> errors =
          answer.succeeded() ? List.of() : Data.maps(answer.json().get("errors"));
      if (!answer.succeeded() && errors.isEmpty()) {
        throw new StackException("Nothing was explained: " + answer.problem());
      }
      if (!errors.isEmpty()) {
        byte[] text = expression.getBytes(StandardCharsets.UTF_8);
        Findings findings = new Findings("expression", text);
        errors.forEach(error -> out.print(findings.of(Findings.problem(error), false)));
        return 1;
      }
      out.print(told(answer.json()));
      return answer.json().containsKey("error") ? 1 : 0;
    }
  }

  /** A line for each part, indented as deep as it stands. */
  static String told(Map<String, Object> explained) {
    StringBuilder told = new StringBuilder();
    for (Map<String, Object> part : Data.maps(explained.get("parts"))) {
      int depth = part.get("depth") instanceof Long number ? Math.toIntExact(number) : 0;
      told.append("  ".repeat(depth)).append(part.get("text")).append(" -> ");
      told.append(outcome(part)).append('\n');
    }
    return told.toString();
  }

  private static String outcome(Map<String, Object> part) {
    if (part.containsKey("error")) {
      return "error: " + part.get("error");
    }
    if (part.containsKey("evaluated")) {
      return "(not evaluated)";
    }
    if (part.containsKey("omitted")) {
      return "(" + part.get("omitted") + ")";
    }
    String value = Json.write(part.get("value"));
    return value.length() <= VALUE_CHARS_MAX ? value : value.substring(0, VALUE_CHARS_MAX) + "...";
  }
}
