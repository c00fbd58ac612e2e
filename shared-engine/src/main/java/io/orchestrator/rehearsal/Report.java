package io.orchestrator.rehearsal;

import io.orchestrator.flow.FlowTest;
import io.orchestrator.flow.Spot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How the tests of a flow went. */
public record Report(String flow, String version, List<Result> results, Coverage coverage) {

  /** How one test went. */
  public record Result(FlowTest test, Played played, List<Miss> misses) {
    /** Whether everything was as expected. */
    public boolean passed() {
      return misses.isEmpty();
    }
  }

  /** Runs tests, each for itself. */
  public static Report of(Stage stage, List<FlowTest> tests) {
    return of(stage, tests, Limits.TESTS_TIME_MAX);
  }

  /**
   * The same.
   *
   * @param timeMax that all of them may take on this machine; a test that begins later fails
   */
  public static Report of(Stage stage, List<FlowTest> tests, Duration timeMax) {
    long endNanos = System.nanoTime() + timeMax.toNanos();
    List<Result> results = new ArrayList<>();
    for (FlowTest test : tests) {
      Played played = Rehearsal.test(stage, test, endNanos);
      results.add(new Result(test, played, Judge.misses(test, played)));
    }
    List<Marks> marks = results.stream().map(result -> result.played().marks()).toList();
    return new Report(
        stage.plan().flow(),
        stage.plan().version(),
        List.copyOf(results),
        Coverage.of(stage.plan(), marks));
  }

  /** How many passed. */
  public long passed() {
    return results.stream().filter(Result::passed).count();
  }

  /** How many did not. */
  public long failed() {
    return results.size() - passed();
  }

  /** As plain data, for the API and {@code --format json}. */
  public Map<String, Object> data() {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("flow", flow);
    data.put("version", version);
    data.put("passed", passed());
    data.put("failed", failed());
    data.put("tests", results.stream().<Object>map(Report::data).toList());
    data.put("coverage", data(coverage));
    return data;
  }

  private static Map<String, Object> data(Result result) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("name", result.test().name());
    data.put("passed", result.passed());
    data.put("status", result.played().outcome());
    data.put("path", result.played().path().stream().<Object>map(Played.Started::path).toList());
    data.put("duration_ms", result.played().length().toMillis());
    data.put("output", result.played().execution().output());
    place(data, result.test().spot());
    data.put("failures", result.misses().stream().<Object>map(Report::data).toList());
    data.put("warnings", result.played().warnings());
    return data;
  }

  private static Map<String, Object> data(Miss miss) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("expectation", miss.what());
    data.put("message", miss.message());
    data.put("expected", miss.expected());
    data.put("actual", miss.actual());
    data.put("difference", List.copyOf(miss.lines()));
    data.put("step", miss.step().isEmpty() ? null : miss.step());
    place(data, miss.spot());
    return data;
  }

  private static void place(Map<String, Object> data, Spot spot) {
    data.put("pointer", spot.pointer());
    data.put("line", (long) spot.line());
    data.put("column", (long) spot.column());
  }

  private static Map<String, Object> data(Coverage coverage) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("percent", (long) coverage.percent());
    data.put("branches", (long) coverage.branches().size());
    data.put("taken", coverage.taken());
    List<Object> missing = new ArrayList<>();
    for (Coverage.Branch branch : coverage.missing()) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("step", branch.step());
      one.put("path", branch.path());
      one.put("branch", branch.name());
      missing.add(one);
    }
    data.put("missing", missing);
    return data;
  }
}
