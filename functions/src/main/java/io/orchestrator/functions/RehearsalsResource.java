package io.orchestrator.functions;

import io.orchestrator.adapter.Definitions;
import io.orchestrator.catalog.Catalog;
import io.orchestrator.catalog.Draft;
import io.orchestrator.catalog.Published;
import io.orchestrator.flow.Document;
import io.orchestrator.flow.Flow;
import io.orchestrator.flow.FlowReader;
import io.orchestrator.flow.FlowTest;
import io.orchestrator.flow.FlowValidation;
import io.orchestrator.flow.Plan;
import io.orchestrator.flow.Problem;
import io.orchestrator.flow.Problems;
import io.orchestrator.flow.TestCheck;
import io.orchestrator.flow.TestsReader;
import io.orchestrator.rehearsal.DryRun;
import io.orchestrator.rehearsal.Miss;
import io.orchestrator.rehearsal.Report;
import io.orchestrator.rehearsal.Stage;
import io.orchestrator.store.FlowRow;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code /flows/{flow}/test} and {@code /dry-run}: what a flow would do, with nobody called. */
final class RehearsalsResource {
  private static final List<String> SCRIPT =
      List.of("input", "mocks", "trigger", "signals", "events", "cancel", "start");

  /** Well under what the function has. */
  private static final Duration TIME_MAX = Duration.ofSeconds(10);

  private static final int UNPROCESSABLE = 422;

  private final Catalog catalog;
  private final Definitions definitions;

  RehearsalsResource(Catalog catalog, Definitions definitions) {
    this.catalog = catalog;
    this.definitions = definitions;
  }

  /** Runs the tests of a flow's text, or those in the body. */
  Reply test(Visit visit) {
    Map<String, Object> body = Body.object(visit.request(), List.of("tests"));
    Stage stage = stage(visit);
    List<FlowTest> tests =
        body.containsKey("tests") ? tests(stage.plan(), body) : stage.flow().tests();
    return Reply.json(200, Report.of(stage, tests, TIME_MAX).data());
  }

  private static List<FlowTest> tests(Plan plan, Map<String, Object> body) {
    Problems problems = new Problems();
    List<FlowTest> tests = TestsReader.file(Document.of(body, ""), plan.flow(), problems);
    TestCheck.check(plan, tests, problems);
    if (!problems.none()) {
      throw Refusal.invalid(problems.errors());
    }
    return tests;
  }

  /** Says what a flow would do. */
  Reply dryRun(Visit visit) {
    Map<String, Object> body = Body.object(visit.request(), SCRIPT);
    Stage stage = stage(visit);
    Problems problems = new Problems();
    FlowTest script = DryRun.script(stage, body, problems);
    if (script == null) {
      throw Refusal.invalid(problems.errors());
    }
    return Reply.json(200, DryRun.of(stage, script, TIME_MAX));
  }

  // -- which text

  private Stage stage(Visit visit) {
    String name = visit.path().get("flow");
    FlowRow row = catalog.get(visit.tenant(), name).orElseThrow(() -> noFlow(name));
    String wanted = visit.query().text("version", Limits.SEARCH_CHARS_MAX);
    boolean draft = visit.query().flag("draft", false);
    String version = wanted.isEmpty() ? FlowView.current(row) : wanted;
    if (draft || version == null) {
      if (row.draft() == null) {
        throw Refusal.notFound("The flow " + name + " has no draft");
      }
      return drafted(visit.tenant(), row.draft());
    }
    Stage stage = published(visit.tenant(), name, version);
    if (stage == null) {
      throw Refusal.notFound("The flow " + name + " has no version " + version);
    }
    return stage;
  }

  private Stage drafted(String tenant, String draft) {
    FlowValidation validation = catalog.validate(tenant, draft.getBytes(StandardCharsets.UTF_8));
    if (!validation.valid()) {
      throw Refusal.invalid(validation.errors());
    }
    return stage(tenant, validation.flow(), validation.compiled().plan());
  }

  /** The stage of a published version; null if there is none. */
  private Stage published(String tenant, String name, String version) {
    Published published = catalog.published(tenant, name, version).orElse(null);
    FlowRow.Version text = catalog.text(tenant, name, version).orElse(null);
    if (published == null || text == null) {
      return null;
    }
    Problems ignored = new Problems();
    Flow flow = FlowReader.read(Document.read(text.source(), ignored), ignored);
    return stage(tenant, flow, published.plan());
  }

  private Stage stage(String tenant, Flow flow, Plan plan) {
    return Stage.of(tenant, flow, plan, definitions, name -> current(tenant, name));
  }

  private Stage current(String tenant, String name) {
    return catalog
        .get(tenant, name)
        .map(FlowView::current)
        .map(version -> published(tenant, name, version))
        .orElse(null);
  }

  private static Refusal noFlow(String name) {
    return Refusal.notFound("There is no flow " + name);
  }

  // -- the gate

  /** Refuses to publish a text that has no tests or whose tests fail, if the request says so. */
  void gate(Visit visit, Draft draft) {
    if (!visit.query().flag("require_tests", false) || draft.asDraft()) {
      return;
    }
    FlowValidation validation = catalog.validate(visit.tenant(), draft.text());
    if (!validation.valid()) {
      return; // it is refused for that
    }
    Stage stage = stage(visit.tenant(), validation.flow(), validation.compiled().plan());
    List<FlowTest> tests = stage.flow().tests();
    if (tests.isEmpty()) {
      throw new Refusal(
          UNPROCESSABLE,
          "no_tests",
          "The flow has no tests, and the request requires them",
          List.of(
              new Problem(
                  "no_tests", "/tests", 0, 0, "the flow has no tests", "write them under tests")));
    }
    Report report = Report.of(stage, tests, TIME_MAX);
    if (report.failed() > 0) {
      throw new Refusal(
          UNPROCESSABLE,
          "tests_failed",
          report.failed() + " of " + tests.size() + " tests failed",
          failures(report));
    }
  }

  private static List<Problem> failures(Report report) {
    List<Problem> problems = new ArrayList<>();
    for (Report.Result result : report.results()) {
      for (Miss miss : result.misses()) {
        problems.add(
            new Problem(
                "test_failed",
                miss.spot().pointer(),
                miss.spot().line(),
                miss.spot().column(),
                result.test().name() + ": " + miss.message(),
                miss.lines().size() > 1 ? String.join("; ", miss.lines()) : ""));
      }
    }
    return problems;
  }
}
