package io.orchestrator.local;

import io.orchestrator.expression.Json;
import io.orchestrator.rehearsal.Report;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs the tests of flows without a stack. */
@Command(
    name = "test",
    mixinStandardHelpOptions = true,
    description = {
      "Runs the tests of flows in memory and virtual time, without a running stack.",
      "A flow has its tests under the key tests, or in NAME.test.yaml beside it."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0: all passed",
      "1: a test failed",
      "2: wrong usage, a file that cannot be read or is not valid, or no tests"
    })
final class TestCommand implements Callable<Integer> {
  enum Format {
    TEXT,
    JSON;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = "Flows, files of tests beside flows, or folders with them.")
  private List<Path> files = List.of();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "How to print: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Format format = Format.TEXT;

  @Option(
      names = "--junit-xml",
      paramLabel = "FILE",
      description = "Also writes a report in the format of JUnit.")
  private Path junit;

  /**
   * A file that was looked at.
   *
   * @param report null if its flow is not valid
   */
  record Ran(TestFile file, Report report, long nanos) {}

  @Override
  public Integer call() {
    try {
      return tested();
    } catch (StackException unreadable) {
      spec.commandLine().getErr().println(unreadable.getMessage());
      spec.commandLine().getErr().flush();
      return 2;
    }
  }

  private int tested() {
    PrintStream out = Terminal.out();
    List<Ran> all = new ArrayList<>();
    TestText text = new TestText(out);
    for (Path path : paths()) {
      Ran ran = run(TestFile.read(path));
      all.add(ran);
      if (format == Format.TEXT) {
        text.print(ran);
      }
    }
    if (format == Format.JSON) {
      out.println(Json.write(all.stream().<Object>map(TestCommand::data).toList()));
    } else {
      text.sum(all);
    }
    if (junit != null) {
      write(JUnitXml.of(all));
    }
    return exitCode(all);
  }

  private static Ran run(TestFile file) {
    long begin = System.nanoTime();
    Report report = file.valid() ? Report.of(file.stage(), file.tests()) : null;
    return new Ran(file, report, System.nanoTime() - begin);
  }

  private static int exitCode(List<Ran> all) {
    boolean invalid = all.stream().anyMatch(ran -> ran.report() == null);
    boolean none =
        all.stream().allMatch(ran -> ran.report() == null || ran.report().results().isEmpty());
    boolean failed =
        all.stream().anyMatch(ran -> ran.report() != null && ran.report().failed() > 0);
    return invalid || none ? 2 : failed ? 1 : 0;
  }

  /** The files, each flow once; of a folder those that have tests. */
  private List<Path> paths() {
    Map<Path, Path> paths = new LinkedHashMap<>();
    for (Path file : files) {
      List<Path> found = Files.isDirectory(file) ? inside(file) : List.of(file);
      for (Path path : found) {
        Path flow = TestFile.isBeside(path) ? TestFile.read(path).flow().path() : path;
        paths.putIfAbsent(flow.toAbsolutePath().normalize(), flow);
      }
    }
    return List.copyOf(paths.values());
  }

  private static List<Path> inside(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).filter(TestCommand::hasTests).sorted().toList();
    } catch (IOException e) {
      throw new StackException("Cannot read " + folder + ": " + e.getMessage(), e);
    }
  }

  private static boolean hasTests(Path path) {
    String name = path.getFileName().toString();
    if (TestFile.isBeside(path)) {
      return true;
    }
    boolean text = name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json");
    return text && FlowFile.read(path).hasTests();
  }

  private void write(String xml) {
    try {
      Path folder = junit.toAbsolutePath().getParent();
      Files.createDirectories(folder);
      Files.write(junit, xml.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new StackException("Cannot write " + junit + ": " + e.getMessage(), e);
    }
  }

  private static Map<String, Object> data(Ran ran) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("file", ran.file().flow().path().toString());
    data.put("valid", ran.report() != null);
    data.put("errors", ran.file().errors().stream().<Object>map(TestCommand::data).toList());
    data.put("warnings", ran.file().warnings().stream().<Object>map(TestCommand::data).toList());
    if (ran.report() != null) {
      data.putAll(ran.report().data());
    }
    return data;
  }

  private static Map<String, Object> data(TestFile.Found found) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("file", found.file().toString());
    data.put("code", found.problem().code());
    data.put("path", found.problem().path());
    data.put("line", (long) found.problem().line());
    data.put("column", (long) found.problem().column());
    data.put("message", found.problem().message());
    data.put("hint", found.problem().hint());
    return data;
  }
}
