package io.orchestrator.local;

import io.orchestrator.flow.Spot;
import io.orchestrator.flow.StepSpots;
import io.orchestrator.rehearsal.Coverage;
import io.orchestrator.rehearsal.Lengths;
import io.orchestrator.rehearsal.Miss;
import io.orchestrator.rehearsal.Report;
import java.io.PrintStream;
import java.util.List;

/** How tests went, for people: a line for each test, and what is another than expected. */
final class TestText {
  private static final String PASSED = "\u2714";
  private static final String FAILED = "\u2718";

  private final PrintStream out;

  TestText(PrintStream out) {
    this.out = out;
  }

  /** One file. */
  void print(TestCommand.Ran ran) {
    TestFile file = ran.file();
    file.errors().forEach(found -> problem(found, false));
    file.warnings().forEach(found -> problem(found, true));
    if (ran.report() == null) {
      int count = file.errors().size();
      out.println(file.flow().path() + ": " + count + (count == 1 ? " error" : " errors"));
      return;
    }
    out.println(ran.report().flow() + "  " + file.flow().path());
    StepSpots spots = new StepSpots(file.stage().flow());
    for (Report.Result result : ran.report().results()) {
      out.println(
          "  "
              + (result.passed() ? PASSED : FAILED)
              + " "
              + result.test().name()
              + "  ("
              + result.played().outcome()
              + " after "
              + Lengths.text(result.played().length())
              + ")");
      Path tests = new Path(file.fileOf(result.test()).path().toString());
      result.misses().forEach(miss -> miss(miss, tests, file, spots));
      if (!result.passed()) {
        result.played().warnings().forEach(warning -> out.println("      warning: " + warning));
      }
    }
    if (!ran.report().results().isEmpty()) {
      coverage(ran.report().coverage(), file, spots);
    }
  }

  /** The name of a file, as it was given. */
  private record Path(String name) {
    String at(Spot spot) {
      return name + ":" + spot.line();
    }
  }

  private void problem(TestFile.Found found, boolean warning) {
    out.print(new Findings(found.file().toString(), found.text()).of(found.problem(), warning));
  }

  private void miss(Miss miss, Path tests, TestFile file, StepSpots spots) {
    Spot step = miss.step().isEmpty() ? null : spots.of(miss.step());
    String where =
        step == null
            ? ""
            : "  [" + miss.step() + " at " + file.flow().path() + ":" + step.line() + "]";
    out.println("      " + tests.at(miss.spot()) + "  " + miss.message() + where);
    boolean said = miss.lines().size() == 1 && miss.lines().getFirst().equals(miss.message());
    if (!said) {
      miss.lines().forEach(line -> out.println("          " + line));
    }
  }

  private void coverage(Coverage coverage, TestFile file, StepSpots spots) {
    if (coverage.branches().isEmpty()) {
      return;
    }
    out.println(
        "  branches: "
            + coverage.taken()
            + " of "
            + coverage.branches().size()
            + " taken ("
            + coverage.percent()
            + " %)"
            + (coverage.missing().isEmpty() ? "" : ", never taken:"));
    for (Coverage.Branch branch : coverage.missing()) {
      Spot spot = branch.path().isEmpty() ? null : spots.of(branch.path());
      String where = spot == null ? "" : "  " + file.flow().path() + ":" + spot.line();
      out.println(
          "      "
              + (branch.step().isEmpty() ? "the flow" : branch.step())
              + " "
              + branch.name()
              + where);
    }
  }

  /** All files together. */
  void sum(List<TestCommand.Ran> all) {
    long passed = 0;
    long failed = 0;
    long invalid = 0;
    for (TestCommand.Ran ran : all) {
      passed += ran.report() == null ? 0 : ran.report().passed();
      failed += ran.report() == null ? 0 : ran.report().failed();
      invalid += ran.report() == null ? 1 : 0;
    }
    if (passed + failed == 0 && invalid == 0) {
      out.println("There are no tests.");
      return;
    }
    out.println(
        (passed + failed)
            + (passed + failed == 1 ? " test, " : " tests, ")
            + passed
            + " passed, "
            + failed
            + " failed"
            + (invalid == 0 ? "" : ", " + invalid + " not valid"));
  }
}
