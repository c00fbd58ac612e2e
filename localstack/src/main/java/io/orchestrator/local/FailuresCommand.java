package io.orchestrator.local;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What has failed, grouped by its probable cause. */
@Command(
    name = "failures",
    mixinStandardHelpOptions = true,
    description = {
      "Lists what has failed, grouped by its probable cause, the largest group first; of each"
          + " group",
      "the latest execution."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {"0: listed", "1: refused, or no stack runs", "2: wrong usage"})
final class FailuresCommand implements Callable<Integer> {
  @Mixin private Whose whose;

  @Option(names = "--flow", description = "Of this flow.")
  private String flow;

  @Option(names = "--flow-version", paramLabel = "VERSION", description = "Of this version.")
  private String version;

  @Option(names = "--from", paramLabel = "TIME", description = "Failed then or later.")
  private String from;

  @Option(names = "--to", paramLabel = "TIME", description = "Failed before.")
  private String to;

  @Option(names = "--limit", description = "How many groups (default: ${DEFAULT-VALUE}).")
  private int limit = 20;

  @Override
  public Integer call() {
    StringBuilder path = new StringBuilder("/executions/failures?limit=" + limit);
    Orders.body("flow", flow, "version", version, "from", from, "to", to)
        .forEach((name, value) -> path.append('&').append(name).append('=').append(encoded(value)));
    PrintStream out = Terminal.out();
    try (Client client = whose.client()) {
      Client.Answer answer = Whose.done(client.get(path.toString(), Client.JSON), "listed");
      for (Map<String, Object> group : Data.maps(answer.json().get("items"))) {
        String step = group.get("step") == null ? "" : " at " + group.get("step");
        out.println(
            "%6s x %s%s  %s: %s"
                .formatted(
                    group.get("count"),
                    group.get("flow"),
                    step,
                    group.get("type"),
                    group.get("message")));
        out.println(
            "         %s to %s, latest %s"
                .formatted(group.get("first_at"), group.get("last_at"), latest(group)));
      }
    }
    return 0;
  }

  private static Object latest(Map<String, Object> group) {
    return group.get("executions") instanceof List<?> ids && !ids.isEmpty() ? ids.getFirst() : "-";
  }

  private static String encoded(Object value) {
    return Whose.encoded((String) value);
  }
}
