package io.orchestrator.local;

import io.orchestrator.adapter.DefinitionText;
import io.orchestrator.expression.Json;
import io.orchestrator.flow.FlowValidation;
import io.orchestrator.flow.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Checks files without a stack. */
@Command(
    name = "validate",
    mixinStandardHelpOptions = true,
    description = "Checks flows and adapters, those beside flows too, without a running stack.",
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {"0: all are valid", "1: there are errors", "2: wrong usage"})
final class ValidateCommand implements Callable<Integer> {
  enum Format {
    TEXT,
    JSON,
    SARIF;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "Texts of flows or adapters.")
  private List<Path> files = List.of();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "How to print: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Format format = Format.TEXT;

  /** What was found in one file. */
  private record Checked(String file, byte[] text, List<Problem> errors, List<Problem> warnings) {}

  @Override
  public Integer call() {
    Report report = report();
    Terminal.out().print(report.text());
    return report.valid() ? 0 : 1;
  }

  /** What is printed, and whether all files are valid. */
  record Report(String text, boolean valid) {}

  Report report() {
    Map<String, Checked> checked = new LinkedHashMap<>();
    for (Path file : files) {
      check(file, checked);
    }
    Collection<Checked> all = checked.values();
    String text =
        switch (format) {
          case TEXT -> String.join("", all.stream().map(ValidateCommand::text).toList());
          case JSON -> Json.write(all.stream().<Object>map(ValidateCommand::data).toList()) + "\n";
          case SARIF -> Json.write(sarif(all)) + "\n";
        };
    return new Report(text, all.stream().allMatch(one -> one.errors().isEmpty()));
  }

  private static void check(Path path, Map<String, Checked> checked) {
    FlowFile file;
    try {
      file = FlowFile.read(path);
    } catch (StackException e) {
      Problem unread = new Problem("unreadable", "", 0, 0, e.getMessage(), "");
      checked.put(
          path.toString(), new Checked(path.toString(), new byte[0], List.of(unread), List.of()));
      return;
    }
    if (file.isAdapter()) {
      DefinitionText.Read read = DefinitionText.OFFLINE.read(file.text());
      checked.put(
          path.toString(),
          new Checked(path.toString(), file.text(), read.errors(), read.warnings()));
      return;
    }
    List<FlowFile.AdapterFile> adapters = file.adapters();
    for (FlowFile.AdapterFile adapter : adapters) {
      String name = adapter.path().toString();
      checked.putIfAbsent(name, new Checked(name, adapter.text(), adapter.problems(), List.of()));
    }
    FlowValidation validation = file.validate(adapters, Set.of());
    checked.put(
        path.toString(),
        new Checked(path.toString(), file.text(), validation.errors(), validation.warnings()));
  }

  private static String text(Checked checked) {
    Findings findings = new Findings(checked.file(), checked.text());
    StringBuilder out = new StringBuilder();
    checked.errors().forEach(problem -> out.append(findings.of(problem, false)));
    checked.warnings().forEach(problem -> out.append(findings.of(problem, true)));
    if (checked.errors().isEmpty()) {
      out.append(checked.file()).append(": valid\n");
    } else {
      int count = checked.errors().size();
      out.append(checked.file())
          .append(": ")
          .append(count)
          .append(count == 1 ? " error\n" : " errors\n");
    }
    return out.toString();
  }

  private static Map<String, Object> sarif(Collection<Checked> checked) {
    Sarif sarif = new Sarif();
    for (Checked one : checked) {
      sarif.add(one.file(), one.errors(), false);
      sarif.add(one.file(), one.warnings(), true);
    }
    return sarif.data();
  }

  private static Map<String, Object> data(Checked checked) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("file", checked.file());
    data.put("valid", checked.errors().isEmpty());
    data.put("errors", data(checked.errors()));
    data.put("warnings", data(checked.warnings()));
    return data;
  }

  private static List<Object> data(List<Problem> problems) {
    List<Object> all = new ArrayList<>();
    for (Problem problem : problems) {
      Map<String, Object> data = new LinkedHashMap<>();
      data.put("code", problem.code());
      data.put("path", problem.path());
      data.put("line", (long) problem.line());
      data.put("column", (long) problem.column());
      data.put("message", problem.message());
      data.put("hint", problem.hint());
      all.add(data);
    }
    return all;
  }
}
