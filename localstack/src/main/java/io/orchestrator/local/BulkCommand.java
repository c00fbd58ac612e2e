package io.orchestrator.local;

import java.io.PrintStream;
import java.time.Duration;
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

/** Orders about many executions: counted first, given when that is confirmed. */
@Command(
    name = "bulk",
    mixinStandardHelpOptions = true,
    description = {
      "Retries, reruns or cancels many executions, or says how many are meant.",
      "Without --yes nothing is done. With --canary N the order waits after the first N until"
          + " somebody has looked at them."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {"0: done", "1: refused, or no stack runs", "2: wrong usage"})
final class BulkCommand implements Callable<Integer> {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

  @Spec private CommandSpec spec;

  /** How an order is carried out. */
  static final class How {
    @Option(names = "--yes", description = "Gives the order.")
    private boolean yes;

    @Option(
        names = "--canary",
        paramLabel = "N",
        description = "Waits after N executions until the order is continued.")
    private Long canary;

    @Option(
        names = "--rate",
        paramLabel = "N",
        description = "Executions a second at most (default: 10).")
    private Long rate;

    @Option(names = "--key", description = "The same order with the same key is given once.")
    private String key;

    @Option(names = "--watch", description = "Follows the order until it rests.")
    private boolean watch;
  }

  @Override
  public Integer call() {
    CommandLine.usage(spec.commandLine(), System.out);
    return CommandLine.ExitCode.USAGE;
  }

  @Command(
      name = "retry",
      mixinStandardHelpOptions = true,
      description = "Lets failed executions go on (default: failed and timed out ones).")
  int retry(@Mixin Whose whose, @Mixin Filters filters, @Mixin How how) {
    return order(whose, "retry", filters, how);
  }

  @Command(
      name = "rerun",
      mixinStandardHelpOptions = true,
      description = "Starts new ones with their inputs (default: of failed and timed out ones).")
  int rerun(@Mixin Whose whose, @Mixin Filters filters, @Mixin How how) {
    return order(whose, "rerun", filters, how);
  }

  @Command(
      name = "cancel",
      mixinStandardHelpOptions = true,
      description = "Cancels executions (default: all that live).")
  int cancel(@Mixin Whose whose, @Mixin Filters filters, @Mixin How how) {
    return order(whose, "cancel", filters, how);
  }

  private static int order(Whose whose, String action, Filters filters, How how) {
    PrintStream out = Terminal.out();
    try (Client client = whose.client()) {
      Orders orders = new Orders(client, out);
      Map<String, Object> query = filters.data();
      Map<String, Object> counted =
          orders.post(
              "/executions/bulk",
              Orders.body("action", action, "query", query, "dry_run", true),
              "counted");
      out.println(counted.get("matched") + " executions are meant");
      if (!how.yes) {
        out.println("Nothing was done. Give the order with --yes.");
        return 0;
      }
      Map<String, Object> wish =
          Orders.body("action", action, "query", query, "canary", how.canary, "rate", how.rate);
      String[] headers =
          how.key == null ? new String[0] : new String[] {"idempotency-key", how.key};
      Map<String, Object> order = orders.post("/executions/bulk", wish, "ordered", headers);
      out.println("Order " + order.get("id"));
      print(how.watch ? rested(client, order) : order, out);
    }
    return 0;
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Shows how far an order is.")
  int show(
      @Mixin Whose whose,
      @Parameters(paramLabel = "ORDER") String id,
      @Option(names = "--watch", description = "Follows the order until it rests.") boolean watch) {
    PrintStream out = Terminal.out();
    try (Client client = whose.client()) {
      Map<String, Object> order = look(client, id);
      print(watch ? rested(client, order) : order, out);
    }
    return 0;
  }

  @Command(
      name = "continue",
      mixinStandardHelpOptions = true,
      description = "Lets an order go on after its first executions.")
  int goOn(@Mixin Whose whose, @Parameters(paramLabel = "ORDER") String id) {
    return steer(whose, id, "continue");
  }

  @Command(
      name = "stop",
      mixinStandardHelpOptions = true,
      description = "Stops an order; what it has done stays done.")
  int stop(@Mixin Whose whose, @Parameters(paramLabel = "ORDER") String id) {
    return steer(whose, id, "stop");
  }

  private static int steer(Whose whose, String id, String verb) {
    PrintStream out = Terminal.out();
    try (Client client = whose.client()) {
      String path = "/executions/bulk/" + Whose.encoded(id) + "/" + verb;
      print(new Orders(client, out).post(path, Map.of(), "changed"), out);
    }
    return 0;
  }

  private static Map<String, Object> look(Client client, String id) {
    String path = "/executions/bulk/" + Whose.encoded(id);
    return Whose.done(client.get(path, Client.JSON), "shown").json();
  }

  /** The order when it does not work any more: it has ended, or waits for somebody. */
  private static Map<String, Object> rested(Client client, Map<String, Object> order) {
    Map<String, Object> now = order;
    while ("running".equals(now.get("status"))) {
      try {
        // The pause between two looks: orders have no events.
        Thread.sleep(LOOK_AGAIN);
      } catch (InterruptedException told) {
        Thread.currentThread().interrupt();
        return now;
      }
      now = look(client, Data.text(order.get("id")));
    }
    return now;
  }

  private static void print(Map<String, Object> order, PrintStream out) {
    out.println(
        "%s %s: %s of %s done, %s refused"
            .formatted(
                order.get("action"),
                order.get("status"),
                order.get("done"),
                order.get("matched"),
                order.get("refused")));
    List<Map<String, Object>> refusals = Data.maps(order.get("refusals"));
    for (Map<String, Object> refusal : refusals) {
      out.println("  " + refusal.get("execution") + " " + refusal.get("why"));
    }
    if ("canary".equals(order.get("status"))) {
      out.println("It waits: look at the first ones, then bulk continue or bulk stop.");
    }
  }
}
