package io.orchestrator.local;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What operators do about an execution that went wrong or does not go on. */
final class MendCommands {
  private MendCommands() {}

  /** Lets an execution go on from what failed. */
  @Command(
      name = "retry",
      mixinStandardHelpOptions = true,
      description = {
        "Lets an execution that has ended go on from what failed. Finished steps are not run"
            + " again,",
        "unless --from says where to begin."
      })
  static final class Retry implements Callable<Integer> {
    @Mixin private Whose whose;
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "EXECUTION")
    private String id;

    @Option(names = "--from", paramLabel = "STEP", description = "From this step, by id or path.")
    private String from;

    @Option(
        names = "--input",
        paramLabel = "KEY=VALUE|@FILE",
        description = "Takes the place of the input.")
    private List<String> input;

    @Option(
        names = "--output",
        paramLabel = "STEP=VALUE",
        description = "Counts as what the step gave, and the step as done.")
    private List<String> outputs;

    @Option(
        names = "--to-version",
        paramLabel = "VERSION",
        description = "Goes on by this version of the flow.")
    private String version;

    @Option(names = "--reason", description = "Why.")
    private String reason;

    @Option(names = "--watch", description = "Follows it to its end.")
    private boolean watch;

    @Override
    public Integer call() {
      Given given = new Given(spec.commandLine());
      Map<String, Object> body =
          Orders.body(
              "from",
              from,
              "input",
              input == null ? null : given.fields("--input", input),
              "outputs",
              outputs == null ? null : given.fields("--output", outputs),
              "version",
              version,
              "reason",
              reason);
      try (Client client = whose.client()) {
        return new Orders(client, Terminal.out()).ask(id, "retry", body, watch);
      }
    }
  }

  /** Starts a new execution with the input of an earlier one. */
  @Command(
      name = "rerun",
      mixinStandardHelpOptions = true,
      description = "Starts a new execution with the input of an earlier one.")
  static final class Rerun implements Callable<Integer> {
    @Mixin private Whose whose;
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "EXECUTION")
    private String id;

    @Option(
        names = "--input",
        paramLabel = "KEY=VALUE|@FILE",
        description = "Takes the place of the input.")
    private List<String> input;

    @Option(
        names = "--to-version",
        paramLabel = "VERSION",
        description = "Runs this version (default: the one that a start takes now).")
    private String version;

    @Option(names = "--key", description = "The same rerun with the same key happens once.")
    private String key;

    @Option(names = "--watch", description = "Follows it to its end.")
    private boolean watch;

    @Override
    public Integer call() {
      Given given = new Given(spec.commandLine());
      Map<String, Object> body =
          Orders.body(
              "input", input == null ? null : given.fields("--input", input), "version", version);
      String[] headers = key == null ? new String[0] : new String[] {"idempotency-key", key};
      try (Client client = whose.client()) {
        return new Orders(client, Terminal.out()).ask(id, "rerun", body, watch, headers);
      }
    }
  }

  /** Restores an earlier state. */
  @Command(
      name = "rollback",
      mixinStandardHelpOptions = true,
      description = {
        "Restores the state that an execution had when a step was entered, or at a revision, and",
        "lets it go on from there. Out of quarantine: its last valid state if nothing is said."
      })
  static final class Rollback implements Callable<Integer> {
    @Mixin private Whose whose;

    @Parameters(paramLabel = "EXECUTION")
    private String id;

    @Option(names = "--to", paramLabel = "STEP", description = "When this step was entered last.")
    private String to;

    @Option(names = "--revision", paramLabel = "N", description = "At this line of its history.")
    private Long revision;

    @Option(names = "--reason", description = "Why.")
    private String reason;

    @Option(names = "--watch", description = "Follows it to its end.")
    private boolean watch;

    @Override
    public Integer call() {
      Map<String, Object> body = Orders.body("to", to, "revision", revision, "reason", reason);
      try (Client client = whose.client()) {
        return new Orders(client, Terminal.out()).ask(id, "rollback", body, watch);
      }
    }
  }

  /** Ends the wait of a step well. */
  @Command(
      name = "complete",
      mixinStandardHelpOptions = true,
      description = "Ends the wait of a step as if what it waits for had come.")
  static final class Complete implements Callable<Integer> {
    @Mixin private Whose whose;
    @Spec private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "EXECUTION")
    private String id;

    @Parameters(index = "1", paramLabel = "STEP", description = "Its id or path.")
    private String step;

    @Option(
        names = "--output",
        paramLabel = "VALUE|@FILE",
        description = "What the step gives: JSON, text, or a file with an object.")
    private String output;

    @Override
    public Integer call() {
      Object value = output == null ? null : new Given(spec.commandLine()).any("--output", output);
      return settle(whose, id, step, "complete", Orders.body("output", value));
    }
  }

  /** Ends the wait of a step badly. */
  @Command(
      name = "fail",
      mixinStandardHelpOptions = true,
      description = "Ends the wait of a step with a failure, and its handlers take over.")
  static final class Fail implements Callable<Integer> {
    @Mixin private Whose whose;

    @Parameters(index = "0", paramLabel = "EXECUTION")
    private String id;

    @Parameters(index = "1", paramLabel = "STEP", description = "Its id or path.")
    private String step;

    @Option(names = "--type", description = "Of the failure (default: operator).")
    private String type;

    @Option(names = "--message", description = "Of the failure.")
    private String message;

    @Override
    public Integer call() {
      return settle(whose, id, step, "fail", Orders.body("type", type, "message", message));
    }
  }

  /** Passes a waiting step over. */
  @Command(
      name = "skip",
      mixinStandardHelpOptions = true,
      description = "Passes a waiting step over.")
  static final class Skip implements Callable<Integer> {
    @Mixin private Whose whose;

    @Parameters(index = "0", paramLabel = "EXECUTION")
    private String id;

    @Parameters(index = "1", paramLabel = "STEP", description = "Its id or path.")
    private String step;

    @Override
    public Integer call() {
      return settle(whose, id, step, "skip", Map.of());
    }
  }

  private static int settle(
      Whose whose, String id, String step, String verb, Map<String, Object> body) {
    try (Client client = whose.client()) {
      String order = "steps/" + Whose.encoded(step) + "/" + verb;
      return new Orders(client, Terminal.out()).ask(id, order, body, false);
    }
  }
}
