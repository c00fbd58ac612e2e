package io.orchestrator.local;

import io.orchestrator.adapter.Definition;
import io.orchestrator.adapter.Definitions;
import io.orchestrator.adapter.sandbox.BuiltIns;
import io.orchestrator.flow.Document;
import io.orchestrator.flow.FlowTest;
import io.orchestrator.flow.FlowValidation;
import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Problem;
import io.orchestrator.flow.Problems;
import io.orchestrator.flow.Step;
import io.orchestrator.flow.TestCheck;
import io.orchestrator.flow.TestsReader;
import io.orchestrator.rehearsal.Stage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A flow with its tests: those in its own text and those in the file {@code NAME.test.yaml} beside
 * it.
 *
 * @param beside the file of tests; null without
 * @param stage null if the flow cannot be run
 * @param own the tests of the text
 * @param more the tests of the file beside it
 */
record TestFile(
    FlowFile flow,
    FlowFile beside,
    Stage stage,
    List<FlowTest> own,
    List<FlowTest> more,
    List<Found> errors,
    List<Found> warnings) {
  private static final List<String> ENDINGS = List.of(".yaml", ".yml", ".json");
  private static final List<String> TESTS = List.of(".test.yaml", ".test.yml", ".test.json");
  private static final String TENANT = "local";

  /** Something that is wrong with one of the files. */
  record Found(Path file, byte[] text, Problem problem) {}

  /** Whether a file holds the tests of a flow beside it. */
  static boolean isBeside(Path path) {
    return TESTS.stream().anyMatch(ending -> path.toString().endsWith(ending));
  }

  /** The flow at a path, or the one whose tests are there. */
  static TestFile read(Path path) {
    Path flow = isBeside(path) ? flowOf(path) : path;
    FlowFile file = FlowFile.read(flow);
    Path tests = testsOf(flow);
    return new Reading(file, tests == null ? null : FlowFile.read(tests)).read();
  }

  private static Path flowOf(Path tests) {
    String name = tests.toString().replaceAll("\\.test\\.(yaml|yml|json)$", "");
    return ENDINGS.stream()
        .map(ending -> Path.of(name + ending))
        .filter(Files::isRegularFile)
        .findFirst()
        .orElseThrow(() -> new StackException("There is no flow beside " + tests));
  }

  private static Path testsOf(Path flow) {
    String name = flow.toString().replaceAll("\\.(yaml|yml|json)$", "");
    return TESTS.stream()
        .map(ending -> Path.of(name + ending))
        .filter(Files::isRegularFile)
        .findFirst()
        .orElse(null);
  }

  boolean valid() {
    return errors.isEmpty();
  }

  /** All tests. */
  List<FlowTest> tests() {
    List<FlowTest> all = new ArrayList<>(own);
    all.addAll(more);
    return all;
  }

  /** The file that a test stands in. */
  FlowFile fileOf(FlowTest test) {
    return more.contains(test) ? beside : flow;
  }

  /** One reading. */
  private static final class Reading {
    private final FlowFile flow;
    private final FlowFile beside;
    private final List<FlowFile.AdapterFile> adapters;
    private final FlowsBeside others;
    private final List<Found> errors = new ArrayList<>();
    private final List<Found> warnings = new ArrayList<>();

    Reading(FlowFile flow, FlowFile beside) {
      this.flow = flow;
      this.beside = beside;
      this.adapters = flow.adapters();
      this.others = new FlowsBeside(flow.path());
    }

    TestFile read() {
      for (FlowFile.AdapterFile adapter : adapters) {
        adapter
            .problems()
            .forEach(problem -> errors.add(new Found(adapter.path(), adapter.text(), problem)));
      }
      FlowValidation strict = flow.validate(adapters, others.names());
      NamesAtHand names = new NamesAtHand(flow.names(adapters, others.names()));
      FlowValidation checked =
          strict.valid() ? strict : FlowValidation.validate(flow.text(), names);
      strict.warnings().forEach(warning -> warnings.add(found(flow, warning)));
      if (!checked.valid()) {
        strict.errors().forEach(error -> errors.add(found(flow, error)));
        return new TestFile(flow, beside, null, List.of(), List.of(), errors, warnings);
      }
      List<FlowTest> own = checked.flow().tests();
      List<FlowTest> more = more(checked);
      List<FlowTest> all = new ArrayList<>(own);
      all.addAll(more);
      boolean mocked = isMocked(checked, names, all);
      strict.errors().forEach(error -> (mocked ? warnings : errors).add(found(flow, error)));
      Stage stage =
          Stage.of(TENANT, checked.flow(), checked.compiled().plan(), definitions(), others::stage);
      return new TestFile(flow, beside, stage, own, more, errors, warnings);
    }

    private static Found found(FlowFile file, Problem problem) {
      return new Found(file.path(), file.text(), problem);
    }

    private List<FlowTest> more(FlowValidation checked) {
      if (beside == null) {
        return List.of();
      }
      Problems problems = new Problems();
      Document document = Document.read(beside.text(), problems);
      List<FlowTest> tests =
          document == null
              ? List.of()
              : TestsReader.file(document, checked.flow().name(), problems);
      TestCheck.check(checked.compiled().plan(), tests, problems);
      problems.errors().forEach(error -> errors.add(found(beside, error)));
      return tests;
    }

    /** Whether every step whose adapter or flow is not at hand is answered by a test. */
    private static boolean isMocked(
        FlowValidation checked, NamesAtHand names, List<FlowTest> tests) {
      return checked.compiled().plan().everyStep().stream()
          .filter(step -> isUnknown(step, names))
          .allMatch(step -> tests.stream().anyMatch(test -> mocks(test, step)));
    }

    private static boolean isUnknown(Step step, NamesAtHand names) {
      return switch (step.kind()) {
        case Kind.Call call -> names.unknown().contains(call.adapter());
        case Kind.SubFlow other -> names.flows().contains(other.flow());
        default -> false;
      };
    }

    private static boolean mocks(FlowTest test, Step step) {
      return test.mocks().stream()
          .anyMatch(
              mock ->
                  mock.step().plain().equals(step.id()) || mock.step().plain().equals(step.path()));
    }

    private Definitions definitions() {
      List<Definition> own =
          adapters.stream()
              .map(FlowFile.AdapterFile::definition)
              .filter(definition -> definition != null)
              .toList();
      return new AdaptersAtHand(own).or(new BuiltIns());
    }
  }
}
