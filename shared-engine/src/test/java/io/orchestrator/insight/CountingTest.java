package io.orchestrator.insight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.orchestrator.adapter.AdapterCall;
import io.orchestrator.adapter.Answer;
import io.orchestrator.engine.PlanSource;
import io.orchestrator.engine.RepairOutcome;
import io.orchestrator.engine.Retrial;
import io.orchestrator.execution.Execution;
import io.orchestrator.execution.Failure;
import io.orchestrator.execution.StepState;
import io.orchestrator.execution.StepStatus;
import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Plan;
import io.orchestrator.flow.Problem;
import io.orchestrator.store.PostgresExecutionStore;
import io.orchestrator.store.Summary;
import io.orchestrator.store.SummaryReads;
import io.orchestrator.testing.TestDatabase;
import io.orchestrator.testing.World;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The summary says what a look at every execution would say. */
class CountingTest {
  private static final String MIXED =
      """
      flow: mixed
      input: {n: integer, items: {type: array, items: {type: integer}}}
      steps:
        - shaky: {adapter: shaky, params: {n: $input.n}, retry: {attempts: 3, backoff: [1ms, 1ms]}}
        - each:
            foreach: $input.items
            as: item
            concurrency: 2
            do:
              - one: {adapter: quick, params: {n: $item}}
        - choose:
            if: $input.n % 7 == 0
            then:
              - stop: {raise: {type: seventh, message: "no"}}
      """;

  private TestDatabase database;
  private World world;
  private final Map<String, Plan> plans = new ConcurrentHashMap<>();
  private Counting counting;

  @BeforeEach
  void open() {
    database = TestDatabase.create();
    world = new World(new PostgresExecutionStore(database.engine()));
    world.service("shaky", CountingTest::shaky);
    plans.put("mixed", world.publish(MIXED, "shaky", "quick"));
    counting = counting(2_000);
  }

  @AfterEach
  void close() {
    world.close();
    database.close();
  }

  private Counting counting(int endsMax) {
    return new Counting(
        new Summary(database.engine(), endsMax),
        new PlanSource() {
          @Override
          public Optional<String> version(String tenant, String flow) {
            return Optional.of("1.0.0");
          }

          @Override
          public Optional<Plan> plan(String tenant, String flow, String version) {
            return Optional.ofNullable(plans.get(flow));
          }

          @Override
          public List<Problem> check(String tenant, Plan plan, Object input) {
            return List.of();
          }
        });
  }

  /** Fails as often as the remainder by 5 says, so some calls fail for good. */
  private static Answer shaky(AdapterCall call) {
    long n = (Long) ((Map<?, ?>) call.params()).get("n");
    return call.attempt() <= n % 5
        ? new Answer.Refused(new Failure("busy", "later", 503, true, "shaky", null, null))
        : new Answer.Done(Map.of("n", n), "shaky");
  }

  private Map<String, Object> figures() {
    Instant hour = Instant.now().truncatedTo(ChronoUnit.HOURS);
    return new Analytics(new SummaryReads(database.api()))
        .of(World.TENANT, "mixed", hour.minusSeconds(3_600), hour.plusSeconds(7_200));
  }

  @SuppressWarnings("unchecked") // what is shown are maps with names
  private static Map<String, Object> map(Object value) {
    return (Map<String, Object>) value;
  }

  /** Counts until nothing is left: whoever writes anywhere on the server holds it up. */
  private int countAll(Counting by, int expected) {
    int[] counted = {0};
    await().atMost(Duration.ofSeconds(20)).until(() -> (counted[0] += by.count()) >= expected);
    counted[0] += by.count();
    return counted[0];
  }

  private List<Execution> run(int executions) {
    List<UUID> ids = new ArrayList<>();
    for (long n = 0; n < executions; n++) {
      ids.add(world.start("mixed", Map.of("n", n, "items", List.of(1L, 2L, 3L))));
    }
    return ids.stream().map(world::ended).toList();
  }

  private void sameAsScan(List<Execution> executions) {
    Map<String, Object> figures = figures();
    Scan scan = new Scan(executions);
    assertThat(map(figures.get("executions")).get("by_status")).isEqualTo(scan.byStatus);
    assertThat(map(figures.get("executions")).get("total")).isEqualTo((long) executions.size());
    near(map(figures.get("executions")).get("duration_ms"), scan.durations);
    Map<String, Map<String, Object>> adapters = new LinkedHashMap<>();
    ((List<?>) figures.get("steps"))
        .forEach(step -> adapters.put((String) map(step).get("adapter"), map(step)));
    assertThat(adapters.keySet()).isEqualTo(scan.calls.keySet());
    scan.calls.forEach(
        (adapter, durations) -> {
          Map<String, Object> shown = adapters.get(adapter);
          assertThat(shown.get("calls")).isEqualTo((long) durations.size());
          assertThat(shown.get("attempts")).isEqualTo(scan.attempts.get(adapter));
          assertThat(shown.get("failed")).isEqualTo(scan.failed.getOrDefault(adapter, 0L));
          near(shown.get("duration_ms"), durations);
        });
    Map<List<Object>, Object> failures = new HashMap<>();
    ((List<?>) figures.get("failures"))
        .forEach(
            one ->
                failures.put(
                    List.of(map(one).get("type"), map(one).get("step")), map(one).get("count")));
    assertThat(failures).isEqualTo(scan.failures);
  }

  private static void near(Object shown, List<Duration> exact) {
    List<Duration> sorted = exact.stream().sorted().toList();
    Map.of("p50", 0.5, "p95", 0.95, "p99", 0.99)
        .forEach(
            (name, share) -> {
              int rank = Math.max(1, (int) Math.ceil(share * sorted.size()));
              double micros = sorted.get(rank - 1).toNanos() / 1_000.0;
              double millis = ((BigDecimal) map(shown).get(name)).doubleValue();
              assertThat(millis * 1_000).as(name).isCloseTo(micros, Percentage.withPercentage(2.1));
            });
  }

  /** The same figures, by looking at each execution. */
  private static final class Scan {
    private final Map<String, Long> byStatus = new TreeMap<>();
    private final List<Duration> durations = new ArrayList<>();
    private final Map<String, List<Duration>> calls = new TreeMap<>();
    private final Map<String, Long> attempts = new HashMap<>();
    private final Map<String, Long> failed = new HashMap<>();
    private final Map<List<Object>, Object> failures = new HashMap<>();

    Scan(List<Execution> executions) {
      for (Execution execution : executions) {
        byStatus.merge(execution.status().text(), 1L, Long::sum);
        durations.add(Duration.between(execution.startedAt(), execution.endedAt()));
        execution.steps().stream()
            .filter(step -> step.path().equals("shaky") || step.path().endsWith("/one"))
            .forEach(this::call);
        if (execution.failure() != null) {
          String step = execution.failure().type().equals("busy") ? "shaky" : "stop";
          failures.merge(
              List.of(execution.failure().type(), step), 1L, (a, b) -> (Long) a + (Long) b);
        }
      }
    }

    private void call(StepState step) {
      String adapter = step.path().equals("shaky") ? "shaky" : "quick";
      calls
          .computeIfAbsent(adapter, _ -> new ArrayList<>())
          .add(Duration.between(step.startedAt(), step.endedAt()));
      attempts.merge(adapter, (long) step.attempt(), Long::sum);
      if (step.status() == StepStatus.FAILED) {
        failed.merge(adapter, 1L, Long::sum);
      }
    }
  }

  @Test
  void the_figures_are_those_of_a_scan_over_every_execution() {
    assertThat(plans.get("mixed").at("each[0]/one").kind()).isInstanceOf(Kind.Call.class);
    List<Execution> executions = run(60);
    assertThat(countAll(counting, 60)).isEqualTo(60);
    sameAsScan(executions);
    Map<String, Object> shown = figures();
    assertThat(shown.get("retry_rate")).isNotNull();
    assertThat(((List<?>) shown.get("versions"))).hasSize(1);
  }

  @Test
  void a_retried_execution_counts_with_its_last_end_and_what_it_counted_before_is_taken_back() {
    List<Execution> executions = new ArrayList<>(run(4));
    assertThat(executions).extracting(e -> e.status().text()).last().isEqualTo("failed");
    assertThat(countAll(counting, 4)).isEqualTo(4);
    sameAsScan(executions);

    UUID id = executions.getLast().id();
    Retrial wish = new Retrial(null, false, null, Map.of(), null, "it is up again");
    RepairOutcome outcome = world.engine().operator(World.TENANT, "ann").retry(id, wish);
    assertThat(outcome).isInstanceOf(RepairOutcome.Done.class);
    Execution ended = world.ended(id);
    assertThat(ended.status().text()).isEqualTo("completed");
    assertThat(countAll(counting, 1)).as("ends, not executions").isEqualTo(1);
    executions.set(3, ended);
    sameAsScan(executions);
  }

  @Test
  void counters_at_once_while_executions_end_count_each_of_them_once() throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    List<Thread> counters = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Counting small = counting(3);
      Thread counter =
          Thread.ofPlatform()
              .unstarted(
                  () -> {
                    while (!over.get()) {
                      small.count();
                    }
                  });
      counter.setUncaughtExceptionHandler((_, failure) -> failures.add(failure));
      counter.start();
      counters.add(counter);
    }
    List<Execution> executions = run(80);
    over.set(true);
    for (Thread counter : counters) {
      counter.join();
    }
    assertThat(failures).isEmpty();
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> {
              counting.count();
              return map(figures().get("executions")).get("total").equals(80L);
            });
    sameAsScan(executions);
  }

  @Test
  void small_passes_catch_up_with_what_has_gathered() {
    List<Execution> executions = run(25);
    assertThat(countAll(counting(2), 25)).isEqualTo(25);
    sameAsScan(executions);
  }

  @Test
  void an_end_that_commits_late_is_counted_once_when_it_has() throws SQLException {
    UUID first = run(1).getFirst().id();
    assertThat(countAll(counting, 1)).isEqualTo(1);
    UUID late = twin(first, 1);
    try (Connection slow = database.engine().getConnection();
        Statement statement = slow.createStatement()) {
      slow.setAutoCommit(false);
      copy(statement, first, late);
      for (int i = 2; i < 5; i++) {
        UUID quick = twin(first, i);
        try (Connection other = database.engine().getConnection();
            Statement now = other.createStatement()) {
          copy(now, first, quick);
        }
        assertThat(counting.count()).as("the oldest transaction is still running").isZero();
      }
      slow.commit();
    }
    assertThat(countAll(counting, 4)).isEqualTo(4);
    assertThat(map(figures().get("executions")).get("total")).isEqualTo(5L);
  }

  private static UUID twin(UUID id, int n) {
    return new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits() ^ n);
  }

  private static void copy(Statement statement, UUID from, UUID to) throws SQLException {
    statement.execute(
        "insert into executions (id, started_at, ended_at, revision, tenant, flow, version, status,"
            + " state) select '"
            + to
            + "', started_at, ended_at, revision, tenant, flow, version, status, state from"
            + " executions where id = '"
            + from
            + "'");
    statement.execute(
        "insert into transitions (execution, at, due, commit_id, revision, attempt, event, step,"
            + " data) select '"
            + to
            + "', at, due, commit_id, revision, attempt, event, step, data from transitions where"
            + " execution = '"
            + from
            + "'");
  }

  @Test
  void counting_nothing_writes_nothing() throws SQLException {
    run(1);
    countAll(counting, 1);
    String before = touched();
    assertThat(counting.count()).isZero();
    assertThat(counting.count()).isZero();
    assertThat(touched()).isEqualTo(before);
  }

  private String touched() throws SQLException {
    try (Connection connection = database.owner().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("select ctid || ' ' || xmin || ' ' || xmax from summary_mark")) {
      row.next();
      return row.getString(1);
    }
  }

  @Test
  void the_figures_stay_when_the_executions_are_gone() {
    List<Execution> executions = run(10);
    countAll(counting, 10);
    database.execute("delete from transitions; delete from executions");
    assertThat(counting.count()).isZero();
    sameAsScan(executions);
    assertThat(counting.purge()).isZero();
    database.execute("update summary set hour = hour - interval '800 days'");
    assertThat(counting.purge()).isPositive();
    assertThat(map(figures().get("executions")).get("total")).isEqualTo(0L);
    assertThat(map(figures().get("executions")).get("success_rate")).isNull();
  }

  @Test
  void another_tenant_sees_none_of_it() {
    run(2);
    countAll(counting, 2);
    Instant hour = Instant.now().truncatedTo(ChronoUnit.HOURS);
    assertThat(
            new SummaryReads(database.api())
                .counts("rival", "mixed", hour.minusSeconds(3_600), hour.plusSeconds(7_200)))
        .isEmpty();
  }
}
