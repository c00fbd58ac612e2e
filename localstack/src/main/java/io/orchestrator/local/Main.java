package io.orchestrator.local;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command line of Orchestrator. */
@Command(
    name = "orchestrator",
    mixinStandardHelpOptions = true,
    description = "Runs flows on a local stack.",
    subcommands = {
      Main.Up.class,
      Main.Down.class,
      RunCommand.class,
      ValidateCommand.class,
      ExplainCommand.class,
      TestCommand.class,
      RecordCommand.class,
      FlowsCommand.class,
      AdapterCommand.class,
      ExecutionsCommand.class,
      FailuresCommand.class,
      BulkCommand.class,
      Main.TokenCommand.class
    })
public final class Main implements Callable<Integer> {
  private Main() {}

  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Main());
    // An argument @FILE is ours to read (run --input @FILE), not a file of arguments.
    line.setExpandAtFiles(false);
    line.setOut(new PrintWriter(Terminal.out(), true, StandardCharsets.UTF_8));
    line.setExecutionExceptionHandler(
        (failure, command, result) -> {
          if (failure instanceof StackException) {
            command.getErr().println(failure.getMessage());
            command.getErr().flush();
            return 1;
          }
          throw failure;
        });
    return line;
  }

  @Override
  public Integer call() {
    CommandLine.usage(this, System.out);
    return 2;
  }

  /** Where the data is, common to all commands. */
  static final class Folder {
    @Option(
        names = "--data",
        paramLabel = "DIR",
        description = "The data folder (default: .orchestrator of the project).")
    private Path data = project(".orchestrator");

    Home home() {
      return new Home(data);
    }
  }

  /** A path of the project, wherever the command is given. */
  private static Path project(String name) {
    String home = System.getProperty("orchestrator.home");
    return home == null ? Path.of(name) : Path.of(home, name);
  }

  /** Starts the stack and stays in the foreground. */
  @Command(
      name = "up",
      mixinStandardHelpOptions = true,
      description = "Starts the local stack; Ctrl-C stops it.")
  static final class Up implements Callable<Integer> {
    @Mixin private Folder folder;

    @Option(names = "--port", description = "The port of the API (default: ${DEFAULT-VALUE}).")
    private int port = StackOptions.PORT;

    @Option(names = "--fresh", description = "Forgets all data first.")
    private boolean fresh;

    @Option(
        names = "--processes",
        description = "Runs every function in processes of its own, as Lambda does.")
    private boolean processes;

    @Option(
        names = "--template",
        paramLabel = "FILE",
        hidden = true,
        description = "Another template.")
    private Path template = project("template.yaml");

    @Option(
        names = "--parameter",
        paramLabel = "NAME=VALUE",
        description = "A value for a parameter of the template.")
    private java.util.Map<String, String> parameters = new java.util.LinkedHashMap<>();

    @Override
    public Integer call() throws InterruptedException {
      Console console = new Console(new PrintStream(System.out, true, StandardCharsets.UTF_8));
      StackOptions options =
          new StackOptions(
              template,
              folder.home().root(),
              port,
              fresh,
              processes ? Set.of(StackOptions.ALL) : Set.of(),
              parameters,
              java.util.Map.of(),
              null);
      Logs.into(folder.home());
      Stack stack = Stack.of(options, console);
      Runtime.getRuntime()
          .addShutdownHook(Thread.ofPlatform().name("stop").unstarted(stack::close));
      stack.start();
      // Only a signal ends this process; its shutdown hook stops the stack.
      new CountDownLatch(1).await();
      return 0;
    }
  }

  /** Stops the stack that runs on the data folder. */
  @Command(name = "down", mixinStandardHelpOptions = true, description = "Stops the local stack.")
  static final class Down implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Mixin private Folder folder;

    @Override
    public Integer call() {
      Home home = folder.home();
      Optional<StackLock.Holder> holder = StackLock.running(home);
      holder
          .flatMap(who -> ProcessHandle.of(who.pid()))
          .ifPresent(process -> Programs.end(process, PATIENCE));
      boolean database = EmbeddedPostgres.stopLeftover(home);
      boolean cache = LocalRedis.stopLeftover(home);
      System.out.println(
          holder
              .map(who -> "Stopped pid " + who.pid())
              .orElse(
                  database || cache
                      ? "Stopped what a killed stack had left"
                      : "Nothing runs on " + home.root()));
      return 0;
    }
  }

  /** Prints a token of the local issuer, and nothing else. */
  @Command(
      name = "token",
      mixinStandardHelpOptions = true,
      description = "Prints a token of the local issuer, valid 24 hours.")
  static final class TokenCommand implements Callable<Integer> {
    @Mixin private Folder folder;

    @Option(names = "--tenant", description = "The tenant (default: ${DEFAULT-VALUE}).")
    private String tenant = "local";

    @Option(
        names = "--permissions",
        description = "Permissions, separated by commas (default: ${DEFAULT-VALUE}).")
    private String permissions = "flow:admin";

    @Option(
        names = "--subject",
        description = "Who the token speaks for (default: ${DEFAULT-VALUE}).")
    private String subject = "developer";

    @Option(
        names = "--roles",
        description = "Roles, separated by commas, by which approvals are addressed.")
    private String roles = "";

    @Override
    public Integer call() {
      System.out.println(
          Issuer.of(folder.home())
              .token(tenant, words(permissions), subject, words(roles), Clock.systemUTC()));
      return 0;
    }

    private static List<String> words(String text) {
      return Arrays.stream(text.split(",", -1))
          .map(String::strip)
          .filter(word -> !word.isEmpty())
          .toList();
    }
  }
}
