package io.orchestrator.local;

import io.orchestrator.expression.Json;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * The flows of the running stack: found, published, compared, and which of their versions counts.
 */
@Command(
    name = "flows",
    mixinStandardHelpOptions = true,
    description = "Finds, publishes, compares and rolls back the flows of the local stack.",
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {"0: done", "1: refused, or no stack runs", "2: wrong usage"})
final class FlowsCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    CommandLine.usage(spec.commandLine(), System.out);
    return CommandLine.ExitCode.USAGE;
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists flows, all or those with certain words.")
  int list(
      @Mixin Whose whose,
      @Parameters(arity = "0..*", paramLabel = "WORD", description = "Words or their beginnings.")
          List<String> words) {
    String query = words == null ? "" : String.join(" ", words);
    String path = "/flows?limit=100" + (query.isEmpty() ? "" : "&q=" + Whose.encoded(query));
    PrintStream out = Terminal.out();
    try (Client client = whose.client()) {
      String cursor = "";
      do {
        Map<String, Object> page =
            Whose.done(client.get(path + cursor, Client.JSON), "listed").json();
        for (Map<String, Object> flow : Data.maps(page.get("items"))) {
          out.println(
              "%-32s %-12s %-9s %s"
                  .formatted(
                      flow.get("flow"),
                      flow.get("version") == null ? "-" : flow.get("version"),
                      flow.get("status"),
                      flow.get("title"))
                  .stripTrailing());
        }
        cursor = page.get("next") == null ? "" : "&cursor=" + page.get("next");
      } while (!cursor.isEmpty());
    }
    return 0;
  }

  @Command(
      name = "publish",
      mixinStandardHelpOptions = true,
      description = "Publishes flows with the adapters beside them.")
  int publish(
      @Mixin Whose whose,
      @Parameters(arity = "1..*", paramLabel = "FILE", description = "Texts of flows.")
          List<Path> files) {
    PrintStream out = Terminal.out();
    try (Client client = whose.client()) {
      for (Path file : files) {
        Installer.Installed installed = new Installer(client).publish(FlowFile.read(file));
        out.println(installed.flow() + " " + installed.version());
      }
    }
    return 0;
  }

  @Command(
      name = "versions",
      mixinStandardHelpOptions = true,
      description = "Lists the versions of a flow, the newest first.")
  int versions(@Mixin Whose whose, @Parameters(paramLabel = "FLOW") String flow) {
    PrintStream out = Terminal.out();
    try (Client client = whose.client()) {
      Client.Answer answer = client.get(path(flow) + "/versions?limit=100", Client.JSON);
      for (Map<String, Object> one : Data.maps(Whose.done(answer, "listed").json().get("items"))) {
        String role = one.get("role") == null ? "" : (String) one.get("role");
        out.println(
            "%-12s %-8s %s %s"
                .formatted(
                    one.get("version"), role, one.get("published_at"), one.get("published_by")));
      }
    }
    return 0;
  }

  @Command(
      name = "diff",
      mixinStandardHelpOptions = true,
      description = "Shows what changed between two versions of a flow.")
  int diff(
      @Mixin Whose whose,
      @Parameters(index = "0", paramLabel = "FLOW") String flow,
      @Parameters(
              index = "1",
              arity = "0..1",
              paramLabel = "FROM",
              description = "A version (default: the one before TO).")
          String from,
      @Parameters(
              index = "2",
              arity = "0..1",
              paramLabel = "TO",
              description = "A version or draft (default: the draft, or else the latest).")
          String to) {
    String query =
        (from == null ? "" : "from=" + Whose.encoded(from))
            + (to == null ? "" : "&to=" + Whose.encoded(to));
    PrintStream out = Terminal.out();
    try (Client client = whose.client()) {
      Client.Answer answer = client.get(path(flow) + "/diff?" + query, Client.JSON);
      Map<String, Object> diff = Whose.done(answer, "compared").json();
      for (Map<String, Object> step : Data.maps(diff.get("steps"))) {
        out.println("step " + step.get("id") + " " + step.get("change"));
      }
      out.print(Data.text(diff.get("text")));
    }
    return 0;
  }

  @Command(
      name = "activate",
      mixinStandardHelpOptions = true,
      description = "Lets all starts of a flow take a version.")
  int activate(
      @Mixin Whose whose,
      @Parameters(index = "0", paramLabel = "FLOW") String flow,
      @Parameters(index = "1", paramLabel = "VERSION") String version) {
    return move(whose, flow, "/activate", version);
  }

  @Command(
      name = "rollback",
      mixinStandardHelpOptions = true,
      description = "Takes the canary away, or goes back to an earlier version.")
  int rollback(
      @Mixin Whose whose,
      @Parameters(index = "0", paramLabel = "FLOW") String flow,
      @Parameters(
              index = "1",
              arity = "0..1",
              paramLabel = "VERSION",
              description = "Default: the one that was active before.")
          String version) {
    return move(whose, flow, "/rollback", version);
  }

  private static int move(Whose whose, String flow, String verb, String version) {
    Map<String, Object> body = new LinkedHashMap<>();
    if (version != null) {
      body.put("version", version);
    }
    try (Client client = whose.client()) {
      byte[] json = Json.write(body).getBytes(StandardCharsets.UTF_8);
      Client.Answer answer =
          Whose.done(client.send("POST", path(flow) + verb, Client.JSON, json), "changed");
      Terminal.out().println(flow + " " + Data.map(answer.json().get("route")).get("stable"));
    }
    return 0;
  }

  @Command(
      name = "retire",
      mixinStandardHelpOptions = true,
      description = "Retires a flow that no other one uses.")
  int retire(@Mixin Whose whose, @Parameters(paramLabel = "FLOW") String flow) {
    try (Client client = whose.client()) {
      byte[] nothing = new byte[0];
      Whose.done(
          client.send("DELETE", path(flow), Client.JSON, nothing, "if-match", "*"), "retired");
      Terminal.out().println(flow + " is retired");
    }
    return 0;
  }

  private static String path(String flow) {
    return "/flows/" + Whose.encoded(flow);
  }
}
