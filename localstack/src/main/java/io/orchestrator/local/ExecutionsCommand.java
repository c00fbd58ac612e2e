package io.orchestrator.local;

import io.orchestrator.expression.Json;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Executions: found, looked at, followed, steered; what mends them is in {@link MendCommands}. */
@Command(
    name = "executions",
    mixinStandardHelpOptions = true,
    description = {
      "Finds executions, shows them, steers and mends them.",
      "It speaks to the local stack, or to the API at ORCHESTRATOR_URL with ORCHESTRATOR_TOKEN."
    },
    subcommands = {
      MendCommands.Retry.class,
      MendCommands.Rerun.class,
      MendCommands.Rollback.class,
      MendCommands.Complete.class,
      MendCommands.Fail.class,
      MendCommands.Skip.class
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0: done; of watch and --watch: completed",
      "1: refused, or no stack runs; of watch and --watch: any other end",
      "2: wrong usage"
    })
final class ExecutionsCommand implements Callable<Integer> {
  private static final int PAGE = 100;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    CommandLine.usage(spec.commandLine(), System.out);
    return CommandLine.ExitCode.USAGE;
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists executions, the newest first.")
  int list(
      @Mixin Whose whose,
      @Mixin Filters filters,
      @Option(names = "--limit", defaultValue = "20", description = "How many (default: 20).")
          int limit) {
    PrintStream out = Terminal.out();
    try (Client client = whose.client()) {
      String cursor = "";
      int left = limit;
      while (left > 0) {
        String path = "/executions?limit=" + Math.min(left, PAGE) + cursor + "&" + filters.query();
        Map<String, Object> page = Whose.done(client.get(path, Client.JSON), "listed").json();
        List<Map<String, Object>> items = Data.maps(page.get("items"));
        for (Map<String, Object> one : items) {
          out.println(
              "%s  %-24s %-10s %-12s %s"
                  .formatted(
                      one.get("id"),
                      one.get("flow"),
                      one.get("version"),
                      one.get("status"),
                      one.get("started_at")));
        }
        cursor = "&cursor=" + page.get("next");
        left = page.get("next") == null ? 0 : left - items.size();
      }
    }
    return 0;
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Shows an execution, its steps and what it waits for.")
  int show(
      @Mixin Whose whose,
      @Parameters(paramLabel = "EXECUTION") String id,
      @Option(names = "--history", description = "Shows every line of its history instead.")
          boolean history,
      @Option(names = "--json", description = "Prints it as the API has it.") boolean json) {
    PrintStream out = Terminal.out();
    try (Client client = whose.client()) {
      if (history) {
        history(client, id, out);
        return 0;
      }
      Following following = new Following(client, out);
      Map<String, Object> execution = following.execution(id);
      if (json) {
        out.println(PrettyJson.of(execution));
        return 0;
      }
      out.println(
          "Execution %s of %s %s, started %s"
              .formatted(
                  execution.get("id"),
                  execution.get("flow"),
                  execution.get("version"),
                  execution.get("started_at")));
      if (execution.get("rerun_of") != null) {
        out.println("rerun of " + execution.get("rerun_of"));
      }
      out.println("input " + Json.write(execution.get("input")));
      new StepTree(out, false, 0).show(execution);
      following.print(execution);
    }
    return 0;
  }

  private static void history(Client client, String id, PrintStream out) {
    String path = "/executions/" + Whose.encoded(id) + "/history?limit=" + PAGE;
    String cursor = "";
    do {
      Map<String, Object> page = Whose.done(client.get(path + cursor, Client.JSON), "shown").json();
      for (Map<String, Object> line : Data.maps(page.get("items"))) {
        out.println(
            "%5s %s %-24s %s%s %s"
                .formatted(
                    line.get("revision"),
                    line.get("at"),
                    line.get("event"),
                    line.get("step") == null ? "-" : line.get("step"),
                    line.get("attempt") instanceof Long n && n > 1 ? " #" + n : "",
                    Json.write(line.get("data"))));
      }
      cursor = page.get("next") == null ? "" : "&cursor=" + page.get("next");
    } while (!cursor.isEmpty());
  }

  @Command(
      name = "watch",
      mixinStandardHelpOptions = true,
      description = "Follows an execution to its end.")
  int watch(@Mixin Whose whose, @Parameters(paramLabel = "EXECUTION") String id) {
    try (Client client = whose.client()) {
      Following following = new Following(client, Terminal.out());
      return following.print(following.follow(id, true));
    }
  }

  @Command(name = "cancel", mixinStandardHelpOptions = true, description = "Cancels an execution.")
  int cancel(
      @Mixin Whose whose,
      @Parameters(paramLabel = "EXECUTION") String id,
      @Option(names = "--reason", description = "Why.") String reason,
      @Option(names = "--compensate", description = "Undoes what its steps know how to undo.")
          boolean compensate) {
    Boolean undo = compensate ? true : null;
    return ask(whose, id, "cancel", Orders.body("reason", reason, "compensate", undo));
  }

  @Command(
      name = "pause",
      mixinStandardHelpOptions = true,
      description = "Lets no more calls of an execution begin.")
  int pause(
      @Mixin Whose whose,
      @Parameters(paramLabel = "EXECUTION") String id,
      @Option(names = "--reason", description = "Why.") String reason) {
    return ask(whose, id, "pause", Orders.body("reason", reason));
  }

  @Command(
      name = "resume",
      mixinStandardHelpOptions = true,
      description = "Lets a paused execution go on, perhaps with a larger budget.")
  int resume(
      @Mixin Whose whose,
      @Parameters(paramLabel = "EXECUTION") String id,
      @Option(
              names = "--budget",
              paramLabel = "NAME=VALUE",
              description = "steps, transitions, tokens or cost that it may use up from now on.")
          List<String> budget) {
    Object raise = budget == null ? null : new Given(spec.commandLine()).fields("--budget", budget);
    return ask(whose, id, "resume", Orders.body("budget", raise));
  }

  @Command(
      name = "signal",
      mixinStandardHelpOptions = true,
      description = "Wakes the step that waits for a signal.")
  int signal(
      @Mixin Whose whose,
      @Parameters(index = "0", paramLabel = "EXECUTION") String id,
      @Parameters(index = "1", paramLabel = "NAME") String name,
      @Option(
              names = "--with",
              paramLabel = "VALUE|@FILE",
              description = "What the step gets: JSON, text, or a file with an object.")
          String data,
      @Option(names = "--key", description = "The same signal with the same key counts once.")
          String key) {
    Object value = data == null ? null : new Given(spec.commandLine()).any("--with", data);
    String[] headers = key == null ? new String[0] : new String[] {"idempotency-key", key};
    String path = "/executions/" + Whose.encoded(id) + "/signals/" + Whose.encoded(name);
    try (Client client = whose.client()) {
      PrintStream out = Terminal.out();
      out.println(new Orders(client, out).post(path, value, "sent", headers).get("status"));
    }
    return 0;
  }

  private static int ask(Whose whose, String id, String verb, Map<String, Object> body) {
    try (Client client = whose.client()) {
      return new Orders(client, Terminal.out()).ask(id, verb, body, false);
    }
  }
}
