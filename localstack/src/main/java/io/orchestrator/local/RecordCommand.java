package io.orchestrator.local;

import io.orchestrator.adapter.sandbox.BuiltIns;
import io.orchestrator.flow.Document;
import io.orchestrator.flow.FlowTest;
import io.orchestrator.flow.FlowValidation;
import io.orchestrator.flow.KnownNames;
import io.orchestrator.flow.Problems;
import io.orchestrator.flow.TestsReader;
import io.orchestrator.rehearsal.Report;
import io.orchestrator.rehearsal.Stage;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a test of an execution of the running stack. */
@Command(
    name = "record",
    mixinStandardHelpOptions = true,
    description = {
      "Prints an execution as a test of its flow: its input, what every attempt was answered, and",
      "how it went. What is masked stays masked."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0: recorded",
      "1: no stack runs, or there is no such execution, or it has not ended",
      "2: wrong usage"
    })
final class RecordCommand implements Callable<Integer> {
  private static final String TESTS = "tests:";

  @Mixin private Main.Folder folder;

  @Parameters(paramLabel = "EXECUTION", description = "The id of an execution that has ended.")
  private String id;

  @Option(
      names = "--to",
      paramLabel = "FILE",
      description = "Adds it to the tests in this YAML file, which is made if it is not there.")
  private Path to;

  @Option(names = "--tenant", description = "The tenant (default: ${DEFAULT-VALUE}).")
  private String tenant = "local";

  @Override
  public Integer call() {
    try (Client client = Client.of(folder.home(), tenant)) {
      Map<String, Object> execution = get(client, "/executions/" + segment(id));
      if (execution.get("ended_at") == null) {
        throw new StackException(
            "The execution "
                + id
                + " is "
                + execution.get("status")
                + "; record it when it ended.");
      }
      String flow = Data.text(execution.get("flow"));
      Stage stage = stage(client, flow, Data.text(execution.get("version")));
      Map<String, Object> test = test(stage, execution, history(client));
      String text = YamlText.item(test);
      if (to == null) {
        Terminal.out().print(TESTS + "\n" + text);
      } else {
        write(flow, text);
      }
      return 0;
    }
  }

  private static String segment(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static Map<String, Object> get(Client client, String path) {
    Client.Answer answer = client.get(path, Client.JSON);
    if (!answer.succeeded()) {
      throw new StackException(answer.problem());
    }
    return answer.json();
  }

  private List<Map<String, Object>> history(Client client) {
    List<Map<String, Object>> lines = new ArrayList<>();
    String path = "/executions/" + segment(id) + "/history?limit=100";
    String next = "";
    do {
      Map<String, Object> page =
          get(client, next.isEmpty() ? path : path + "&cursor=" + segment(next));
      lines.addAll(Data.maps(page.get("items")));
      next = Data.text(page.get("next"));
    } while (!next.isEmpty());
    return lines;
  }

  private static Stage stage(Client client, String flow, String version) {
    Client.Answer text =
        client.get("/flows/" + segment(flow) + "?version=" + segment(version), Client.YAML);
    if (!text.succeeded()) {
      throw new StackException(text.problem());
    }
    NamesAtHand names = new NamesAtHand(new KnownNames(Map.of(), Map.of(), Set.of()));
    FlowValidation read = FlowValidation.validate(text.body(), names);
    if (!read.valid()) {
      throw new StackException(
          "The text of " + flow + " " + version + " cannot be read here: " + read.errors());
    }
    return Stage.of("local", read.flow(), read.compiled().plan(), new BuiltIns(), name -> null);
  }

  /** With the times of its answers only if it would go another way without them. */
  private static Map<String, Object> test(
      Stage stage, Map<String, Object> execution, List<Map<String, Object>> history) {
    Map<String, Object> plain = Recorded.test(stage.plan(), execution, history, false);
    if (passes(stage, plain)) {
      return plain;
    }
    Map<String, Object> timed = Recorded.test(stage.plan(), execution, history, true);
    if (passes(stage, timed)) {
      return timed;
    }
    // What holds times or chance is another in a rehearsal.
    Map<String, Object> loose = new LinkedHashMap<>(timed);
    Map<String, Object> expect = new LinkedHashMap<>(Data.map(timed.get("expect")));
    expect.remove("output");
    loose.put("expect", expect);
    return passes(stage, loose) ? loose : plain;
  }

  private static boolean passes(Stage stage, Map<String, Object> test) {
    Problems problems = new Problems();
    List<FlowTest> tests =
        TestsReader.file(
            Document.of(Map.of("tests", List.of(test)), ""), stage.plan().flow(), problems);
    return problems.none() && Report.of(stage, tests).failed() == 0;
  }

  // -- the file

  private void write(String flow, String test) {
    try {
      String before =
          Files.exists(to) ? Files.readString(to) : "flow: " + flow + "\n" + TESTS + "\n";
      String after = added(before, test);
      Problems problems = new Problems();
      Document document = Document.read(after, problems);
      if (document == null || !problems.none()) {
        throw new StackException(
            to + " cannot be added to: its last key must be tests, with items indented by two");
      }
      if (to.toAbsolutePath().getParent() != null) {
        Files.createDirectories(to.toAbsolutePath().getParent());
      }
      Files.writeString(to, after);
      Terminal.out().println("Added to " + to);
    } catch (IOException e) {
      throw new StackException("Cannot write " + to + ": " + e.getMessage(), e);
    }
  }

  private String added(String before, String test) {
    String text = before.endsWith("\n") || before.isEmpty() ? before : before + "\n";
    String last =
        text.lines()
            .filter(line -> !line.isBlank() && !line.startsWith(" ") && !line.startsWith("#"))
            .reduce((first, second) -> second)
            .orElse("");
    boolean has = text.lines().anyMatch(line -> line.startsWith(TESTS));
    if (has && !last.equals(TESTS)) {
      throw new StackException(
          to + " cannot be added to: its last key must be tests, with items indented by two");
    }
    return text + (has ? "" : "\n" + TESTS + "\n") + test;
  }
}
