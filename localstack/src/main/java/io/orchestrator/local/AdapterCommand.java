package io.orchestrator.local;

import io.orchestrator.adapter.DefinitionText;
import io.orchestrator.expression.Json;
import io.orchestrator.flow.Problem;
import java.io.PrintWriter;
import java.net.URLEncoder;
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
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The adapters of the running stack: listed, shown, put there, tried, deleted. */
@Command(
    name = "adapter",
    mixinStandardHelpOptions = true,
    description = "Lists, shows, puts, calls and deletes the adapters of the local stack.",
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {"0: done", "1: refused, the call failed, or no stack runs", "2: wrong usage"})
final class AdapterCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  /** Which stack and whose adapters. */
  static final class Whose {
    @Mixin private Main.Folder folder;

    @Option(names = "--tenant", description = "The tenant (default: ${DEFAULT-VALUE}).")
    private String tenant = "local";

    private Client client() {
      return Client.of(folder.home(), tenant);
    }
  }

  @Override
  public Integer call() {
    CommandLine.usage(spec.commandLine(), System.out);
    return CommandLine.ExitCode.USAGE;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists the adapters and their actions.")
  int list(@Mixin Whose whose) {
    PrintWriter out = out();
    try (Client client = whose.client()) {
      String cursor = "";
      do {
        Client.Answer answer = client.get("/adapters?limit=100" + cursor, Client.JSON);
        Map<String, Object> page = done(answer, "listed").json();
        for (Map<String, Object> adapter : Data.maps(page.get("items"))) {
          List<?> actions = (List<?>) adapter.get("actions");
          String all = String.join(", ", actions.stream().map(String::valueOf).toList());
          out.println(
              "%-32s %-16s %s"
                  .formatted(adapter.get("name"), adapter.get("type"), all)
                  .stripTrailing());
        }
        cursor = page.get("next") == null ? "" : "&cursor=" + page.get("next");
      } while (!cursor.isEmpty());
    }
    return 0;
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Shows the definition of an adapter, as it was written.")
  int show(
      @Mixin Whose whose,
      @Parameters(paramLabel = "NAME") String name,
      @Option(
              names = "--inputs",
              description = "Shows what its actions take instead, as JSON Schema.")
          boolean inputs,
      @Option(names = "--revision", description = "An earlier revision.") String revision) {
    String query = revision == null ? "" : "?revision=" + encoded(revision);
    try (Client client = whose.client()) {
      Client.Answer answer =
          done(client.get(path(name) + query, inputs ? Client.JSON : Client.YAML), "shown");
      out().println(inputs ? PrettyJson.of(answer.json().get("inputs")) : text(answer));
    }
    return 0;
  }

  /** A built-in one has no text. */
  private static String text(Client.Answer answer) {
    Object definition = answer.json().get("definition");
    return definition == null ? answer.body().stripTrailing() : PrettyJson.of(definition);
  }

  @Command(
      name = "put",
      mixinStandardHelpOptions = true,
      description = "Puts adapters into the registry, or changes them.")
  int put(
      @Mixin Whose whose,
      @Parameters(arity = "1..*", paramLabel = "FILE", description = "Texts of definitions.")
          List<Path> files) {
    PrintWriter out = out();
    int refused = 0;
    try (Client client = whose.client()) {
      for (Path file : files) {
        refused += put(client, FlowFile.read(file), out) ? 0 : 1;
      }
    }
    return refused == 0 ? 0 : 1;
  }

  private static boolean put(Client client, FlowFile file, PrintWriter out) {
    Findings findings = new Findings(file.path().toString(), file.text());
    // Its name must be known before it can be sent, so it is looked at here first.
    DefinitionText.Read read = DefinitionText.OFFLINE.read(file.text());
    if (read.definition() == null) {
      return refused(read.errors(), file, findings, out);
    }
    String name = read.definition().adapter();
    boolean own = Boolean.FALSE.equals(client.get(path(name), Client.JSON).json().get("built_in"));
    String[] condition = own ? new String[] {"if-match", "*"} : new String[0];
    Client.Answer answer = client.send("PUT", path(name), file.type(), file.text(), condition);
    List<Problem> errors =
        Data.maps(answer.json().get("errors")).stream().map(Findings::problem).toList();
    if (!answer.succeeded() && errors.isEmpty()) {
      throw new StackException(file.path() + " is refused: " + answer.problem());
    }
    if (!answer.succeeded()) {
      return refused(errors, file, findings, out);
    }
    for (Map<String, Object> warning : Data.maps(answer.json().get("warnings"))) {
      out.print(findings.of(Findings.problem(warning), true));
    }
    List<?> actions = (List<?>) answer.json().get("actions");
    out.println(
        name
            + " revision "
            + answer.json().get("revision")
            + ", actions: "
            + String.join(", ", actions.stream().map(String::valueOf).toList()));
    return true;
  }

  private static boolean refused(
      List<Problem> errors, FlowFile file, Findings findings, PrintWriter out) {
    errors.forEach(problem -> out.print(findings.of(problem, false)));
    int count = errors.size();
    out.println(file.path() + ": " + count + (count == 1 ? " error" : " errors"));
    return false;
  }

  @Command(
      name = "delete",
      mixinStandardHelpOptions = true,
      description = "Deletes an adapter that nobody uses.")
  int delete(@Mixin Whose whose, @Parameters(paramLabel = "NAME") String name) {
    try (Client client = whose.client()) {
      byte[] nothing = new byte[0];
      done(client.send("DELETE", path(name), Client.JSON, nothing, "if-match", "*"), "deleted");
      out().println(name + " is deleted");
    }
    return 0;
  }

  @Command(
      name = "call",
      mixinStandardHelpOptions = true,
      description = "Calls an action and prints its result, or its error.")
  int call(
      @Mixin Whose whose,
      @Parameters(index = "0", paramLabel = "NAME", description = "The adapter.") String name,
      @Parameters(
              index = "1",
              arity = "0..1",
              paramLabel = "ACTION",
              description = "Default: the adapter's default action.")
          String action,
      @Option(
              names = {"-p", "--param"},
              paramLabel = "KEY=VALUE",
              description = "A parameter; its value is read as JSON if it is JSON, else as text.")
          List<String> params,
      @Option(
              names = "--params",
              paramLabel = "@FILE",
              description = "A file with parameters, as JSON or YAML.")
          List<String> files) {
    Map<String, Object> all = new LinkedHashMap<>();
    Given given = new Given(spec.subcommands().get("call"));
    all.putAll(given.fields("--params", files == null ? List.of() : files));
    all.putAll(given.fields("-p", params == null ? List.of() : params));
    Map<String, Object> body = new LinkedHashMap<>();
    if (action != null) {
      body.put("action", action);
    }
    body.put("params", all);
    try (Client client = whose.client()) {
      byte[] json = Json.write(body).getBytes(StandardCharsets.UTF_8);
      Client.Answer answer = client.send("POST", path(name) + "/call", Client.JSON, json);
      return answer.succeeded() ? called(answer.json()) : refused(answer);
    }
  }

  private int called(Map<String, Object> answer) {
    PrintWriter out = out();
    Map<String, Object> error = Data.map(answer.get("error"));
    if (error.isEmpty()) {
      out.println(PrettyJson.of(answer.get("result")));
      return 0;
    }
    String status = Long.valueOf(0).equals(error.get("status")) ? "" : ", " + error.get("status");
    String again = Boolean.TRUE.equals(error.get("retryable")) ? "retryable" : "not retryable";
    out.println(
        "error " + error.get("type") + " (" + again + status + "): " + error.get("message"));
    if (error.get("data") != null) {
      out.println(PrettyJson.of(error.get("data")));
    }
    return 1;
  }

  /** What the registry itself does not take: an unknown action, params that do not fit. */
  private int refused(Client.Answer answer) {
    List<Map<String, Object>> errors = Data.maps(answer.json().get("errors"));
    if (errors.isEmpty()) {
      throw new StackException("Nothing was called: " + answer.problem());
    }
    PrintWriter out = out();
    for (Map<String, Object> error : errors) {
      Problem problem = Findings.problem(error);
      out.println("error " + problem.code() + " at " + problem.path() + ": " + problem.message());
      if (!problem.hint().isEmpty()) {
        out.println("  hint: " + problem.hint());
      }
    }
    return 1;
  }

  private static Client.Answer done(Client.Answer answer, String what) {
    if (!answer.succeeded()) {
      throw new StackException("Nothing was " + what + ": " + answer.problem());
    }
    return answer;
  }

  private static String path(String name) {
    return "/adapters/" + encoded(name);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
