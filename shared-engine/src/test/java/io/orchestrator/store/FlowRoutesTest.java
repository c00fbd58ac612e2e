package io.orchestrator.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.testing.TestDatabase;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Routes, trials and retirement as rows. */
class FlowRoutesTest {
  private static TestDatabase database;
  private static FlowRows flows;
  private static TrialRows trials;

  @BeforeAll
  static void open() {
    database = TestDatabase.create();
    flows = new FlowRows(database.api());
    trials = new TrialRows(database.engine());
  }

  @AfterAll
  static void close() {
    database.close();
  }

  private static FlowPublishing.Next next(String version, String uses) {
    String plan = uses.isEmpty() ? "{}" : "{\"f\":{\"flow\":\"" + uses + "\",\"version\":\"\"}}";
    FlowRow.Version row =
        FlowRow.Version.of(
            version, "hash " + version, "source", "yaml", "{\"bindings\":" + plan + "}", "ann");
    return new FlowPublishing.Next(FlowRow.Meta.NONE, row, List.of(), true);
  }

  private static FlowWrite create(String tenant, String flow, String uses) {
    return flows.publishing().create(tenant, flow, next("1.0.0", uses), null);
  }

  private static FlowRow route(String tenant, String canary, String rate, Integer runs) {
    FlowRoutes.Trial trial =
        canary == null
            ? null
            : new FlowRoutes.Trial(canary, "", rate == null ? null : new BigDecimal(rate), runs);
    String json = canary == null ? null : "{\"version\":\"" + canary + "\",\"percent\":50}";
    FlowWrite write =
        flows
            .routes()
            .route(
                tenant,
                "f",
                FlowRows.ANY,
                new FlowRoutes.Route("1.0.0", json, trial, List.of(), "ann"));
    return ((FlowWrite.Made) write).flow();
  }

  private static void tried(String tenant, String rate, Integer runs) {
    create(tenant, "f", "");
    flows.publishing().publish(tenant, "f", 1, next("1.0.1", ""));
    route(tenant, "1.0.1", rate, runs);
  }

  private static void count(String tenant, String version, boolean failed, boolean goal) {
    trials.count(
        tenant,
        "f",
        new TrialRows.End(UUID.randomUUID(), version, Instant.now().plusSeconds(1), failed, goal));
  }

  @Test
  void a_flow_that_is_being_used_in_this_moment_is_not_retired() throws Exception {
    for (int round = 0; round < 20; round++) {
      String tenant = "race-" + round;
      create(tenant, "inner", "");
      List<Callable<Object>> both =
          List.of(
              () -> create(tenant, "outer", "inner"),
              () -> flows.routes().retire(tenant, "inner", 1, "ann"));
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Object> outcomes = new ArrayList<>();
        for (Future<Object> outcome : threads.invokeAll(both)) {
          outcomes.add(outcome.get());
        }
        boolean published = outcomes.get(0) instanceof FlowWrite.Made;
        boolean retired = outcomes.get(1) instanceof FlowRoutes.Retirement.Done;
        assertThat(published).as("%s", outcomes).isNotEqualTo(retired);
        if (!published) {
          assertThat(outcomes.get(0)).isEqualTo(new FlowWrite.UsesRetired("inner"));
          assertThat(flows.get(tenant, "outer")).isEmpty();
        } else {
          assertThat(outcomes.get(1)).isEqualTo(new FlowRoutes.Retirement.InUse(List.of("outer")));
        }
      }
    }
  }

  @Test
  void an_execution_is_counted_once_and_only_those_that_began_in_the_trial() {
    tried("count", null, null);
    TrialRows.End end =
        new TrialRows.End(UUID.randomUUID(), "1.0.1", Instant.now().plusSeconds(1), true, true);
    trials.count("count", "f", end);
    trials.count("count", "f", end);
    count("count", "1.0.0", false, true);
    count("count", "9.0.0", false, true);
    trials.count(
        "count",
        "f",
        new TrialRows.End(
            UUID.randomUUID(), "1.0.0", Instant.now().minusSeconds(60), false, false));
    TrialRows.Trial trial = trials.latest("count", "f").orElseThrow();
    assertThat(trial.figures())
        .containsExactly(
            new TrialRows.Figures("1.0.0", 1, 0, 1), new TrialRows.Figures("1.0.1", 1, 1, 1));
  }

  @Test
  void the_same_trial_goes_on_when_only_its_percent_or_guard_changes() {
    tried("goes-on", null, null);
    count("goes-on", "1.0.1", true, false);
    int began = trials.latest("goes-on", "f").orElseThrow().began();
    route("goes-on", "1.0.1", "0.1", 5);
    assertThat(trials.latest("goes-on", "f").orElseThrow())
        .returns(began, TrialRows.Trial::began)
        .returns(5, TrialRows.Trial::minRuns)
        .returns(null, TrialRows.Trial::outcome);
    route("goes-on", null, null, null);
    assertThat(trials.latest("goes-on", "f").orElseThrow().outcome()).isEqualTo("ended");
    route("goes-on", "1.0.1", null, null);
    assertThat(trials.latest("goes-on", "f").orElseThrow().figures())
        .as("another trial begins from nothing")
        .isEmpty();
  }

  @Test
  void of_many_guards_one_ends_a_trial() throws Exception {
    tried("guards", "0.1", 10);
    for (int i = 0; i < 10; i++) {
      count("guards", "1.0.1", i < 2, false);
    }
    List<Callable<List<TrialRows.RolledBack>>> looks = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      looks.add(() -> trials.guard("guard"));
    }
    List<TrialRows.RolledBack> all = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<List<TrialRows.RolledBack>> look : threads.invokeAll(looks)) {
        look.get().stream().filter(back -> back.tenant().equals("guards")).forEach(all::add);
      }
    }
    assertThat(all)
        .containsExactly(
            new TrialRows.RolledBack(
                "guards",
                "f",
                "1.0.0",
                4,
                "1.0.1",
                10,
                2,
                "2 of 10 runs failed, more than the 10 % of the guard"));
    assertThat(flows.get("guards", "f").orElseThrow())
        .returns(null, FlowRow::canary)
        .returns("guard", FlowRow::updatedBy);
  }

  @Test
  void a_rate_is_exceeded_only_above_it() {
    tried("exact", "0.5", 2);
    count("exact", "1.0.1", true, false);
    count("exact", "1.0.1", false, false);
    assertThat(trials.guard("guard")).noneMatch(back -> back.tenant().equals("exact"));
    count("exact", "1.0.1", true, false);
    assertThat(trials.guard("guard")).anyMatch(back -> back.tenant().equals("exact"));
  }

  @Test
  void what_an_ended_trial_has_counted_is_forgotten_after_a_while() {
    tried("forget", null, null);
    count("forget", "1.0.1", false, false);
    route("forget", null, null, null);
    trials.purge();
    assertThat(counted("forget")).isEqualTo(1);
    database.execute(
        "update trials set ended_at = ended_at - interval '2 hours' where tenant = 'forget'");
    trials.purge();
    assertThat(counted("forget")).isZero();
    assertThat(trials.latest("forget", "f").orElseThrow().figures())
        .as("the figures stay")
        .hasSize(1);
  }

  private static int counted(String tenant) {
    return new Tenancy(database.engine())
        .first(
            tenant,
            "select count(*)::int4 from variant_runs where tenant = ?",
            row -> row.getInt(1),
            tenant)
        .orElseThrow();
  }
}
