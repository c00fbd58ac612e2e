package io.orchestrator.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.orchestrator.engine.CancelOutcome;
import io.orchestrator.engine.Start;
import io.orchestrator.engine.StartRequest;
import io.orchestrator.engine.Sweeper;
import io.orchestrator.queue.Hints;
import io.orchestrator.queue.Outgoing;
import io.orchestrator.store.FlowRows;
import io.orchestrator.store.ScheduleRows;
import io.orchestrator.store.Sweeps;
import io.orchestrator.testing.FoldsBack;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Schedules on a real database. Their times are moved there instead of waited for: the schedule
 * itself comes once a year, and what is due is a time of the test's own.
 */
class SchedulesTest {
  @RegisterExtension private static final FoldsBack FOLDS_BACK = new FoldsBack();

  private static final String SHORT = "steps: [{a: {set: {at: $input.at}}}]";
  private static final String LONG = "steps: [{a: {await: {callback: true, timeout: 1d}}}]";
  private static CatalogOnADatabase product;
  private static ScheduleRows rows;

  @BeforeAll
  static void open() {
    product = new CatalogOnADatabase(FOLDS_BACK.database());
    rows = new ScheduleRows(product.engineSource());
  }

  @AfterAll
  static void close() {
    product.close();
  }

  // -- the stage

  private static String flow(String name, String options, String steps) {
    return """
    flow: %s
    triggers:
      - schedule: {cron: 0 0 1 1 *%s, input: {at: $trigger.scheduled_at}}
    %s
    """
        .formatted(name, options, steps);
  }

  private static void publish(String name, String options, String steps) {
    assertThat(product.create(flow(name, options, steps))).isInstanceOf(Publication.Done.class);
  }

  private static Timetable timetable() {
    return new Timetable(product.ofEngine(), rows, product.engine());
  }

  private static Timetable timetable(Function<StartRequest, Start> starts) {
    return new Timetable(product.ofEngine(), rows, starts);
  }

  private static ScheduleRows.Row row(String flow) {
    List<ScheduleRows.Shown> shown = shown(flow);
    assertThat(shown).hasSize(1);
    return shown.getFirst().row();
  }

  private static List<ScheduleRows.Shown> shown(String flow) {
    return new ScheduleRows(product.engineSource())
        .list(CatalogOnADatabase.TENANT, flow, "", "", 100);
  }

  private static List<UUID> ids(String flow) {
    return shown(flow).stream().map(one -> one.row().id()).toList();
  }

  /** A time of the flow's schedule has come that many seconds ago. */
  private static void comes(String flow, int seconds) {
    FOLDS_BACK
        .database()
        .execute(
            """
            update schedules set next_at = clock_timestamp() - interval '%1$d s', due_at = clock_timestamp() - interval '%1$d s'
            where flow = '%2$s'
            """
                .formatted(seconds, flow));
  }

  private static List<UUID> executions(String flow) {
    List<UUID> found = new ArrayList<>();
    try (Connection connection = FOLDS_BACK.database().owner().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "select id from executions where flow = '" + flow + "' order by id")) {
      while (row.next()) {
        found.add(row.getObject(1, UUID.class));
      }
    } catch (SQLException broken) {
      throw new IllegalStateException(broken);
    }
    return found;
  }

  private static void cancel(UUID execution) {
    assertThat(product.engine().cancel(CatalogOnADatabase.TENANT, execution, "enough"))
        .isInstanceOf(CancelOutcome.Done.class);
  }

  // -- publishing

  @Test
  void a_publication_sets_the_next_time_by_the_clock_of_the_database() {
    publish("published", ", timezone: Asia/Tokyo, overlap: skip, catchup: all", SHORT);
    ScheduleRows.Shown shown = shown("published").getFirst();
    assertThat(shown)
        .returns("0 0 1 1 *", ScheduleRows.Shown::cron)
        .returns("Asia/Tokyo", ScheduleRows.Shown::timezone)
        .returns("skip", ScheduleRows.Shown::overlap)
        .returns("all", ScheduleRows.Shown::catchup);
    assertThat(shown.row().version()).isEqualTo("1.0.0");
    assertThat(shown.row().nextAt().toString()).endsWith("-12-31T15:00:00Z");
    assertThat(shown.row().nextAt()).isAfter(shown.row().now());
  }

  @Test
  void the_next_version_replaces_them_and_the_same_schedule_goes_on_where_it_is() {
    publish("replaced", "", SHORT);
    comes("replaced", 5);
    Instant due = row("replaced").nextAt();
    UUID id = row("replaced").id();
    String two =
        flow("replaced", "", SHORT)
            .replace("triggers:\n", "triggers:\n  - schedule: {cron: 0 5 1 1 *}\n");
    assertThat(product.update("replaced", two, true)).isInstanceOf(Publication.Done.class);
    assertThat(shown("replaced"))
        .extracting(one -> one.row().name(), one -> one.row().version())
        .containsExactly(tuple("0 0 1 1 * UTC", "1.0.1"), tuple("0 5 1 1 * UTC", "1.0.1"));
    assertThat(shown("replaced").getFirst().row().nextAt()).as("it is not lost").isEqualTo(due);
    assertThat(shown("replaced").getFirst().row().id()).isEqualTo(id);
    assertThat(
            product.update("replaced", "flow: replaced\n" + SHORT.replace("$input.at", "1"), true))
        .isInstanceOf(Publication.Done.class);
    assertThat(shown("replaced")).isEmpty();
  }

  @Test
  void only_the_version_that_starts_take_has_schedules() {
    publish("routed", "", SHORT);
    product.update("routed", "flow: routed\nsteps: [{a: {set: {x: 1}}}]", false);
    assertThat(row("routed").version()).as("a version that is not active").isEqualTo("1.0.0");
    Routes routes = product.catalog().routes();
    routes.activate(CatalogOnADatabase.TENANT, "routed", FlowRows.ANY, "1.0.1", "ann");
    assertThat(shown("routed")).isEmpty();
    routes.rollback(CatalogOnADatabase.TENANT, "routed", FlowRows.ANY, null, "ann");
    assertThat(row("routed").version()).isEqualTo("1.0.0");
    routes.set(
        CatalogOnADatabase.TENANT,
        "routed",
        FlowRows.ANY,
        "{\"stable\": null}".getBytes(StandardCharsets.UTF_8),
        "ann");
    assertThat(shown("routed")).as("no version takes starts").isEmpty();
  }

  @Test
  void a_retired_flow_has_none() {
    publish("retired", "", SHORT);
    assertThat(
            product
                .catalog()
                .routes()
                .retire(CatalogOnADatabase.TENANT, "retired", FlowRows.ANY, "ann"))
        .isInstanceOf(Routes.Change.Done.class);
    assertThat(shown("retired")).isEmpty();
  }

  @Test
  void the_same_times_twice_are_two_schedules() {
    String text =
        """
        flow: twice
        triggers:
          - schedule: {cron: 0 0 1 1 *, input: {n: 1}}
          - schedule: {cron: 0 0 1 1 *, input: {n: 2}}
        steps: [{a: {set: {n: $input.n}}}]
        """;
    assertThat(product.create(text)).isInstanceOf(Publication.Done.class);
    comes("twice", 5);
    assertThat(timetable().attend(ids("twice"))).isEqualTo(2);
    assertThat(executions("twice").stream().map(SchedulesTest::input))
        .containsExactlyInAnyOrder(Map.of("n", 1L), Map.of("n", 2L));
  }

  // -- starting

  @Test
  void a_time_starts_one_execution_with_its_input() {
    publish("once", "", SHORT);
    comes("once", 5);
    Instant due = row("once").nextAt();
    assertThat(timetable().attend(ids("once"))).isEqualTo(1);
    assertThat(timetable().attend(ids("once"))).isZero();
    List<UUID> started = executions("once");
    assertThat(started).hasSize(1);
    assertThat(input(started.getFirst())).isEqualTo(Map.of("at", due.toString()));
    ScheduleRows.Row after = row("once");
    assertThat(after.lastAt()).isEqualTo(due);
    assertThat(after.lastExecution()).isEqualTo(started.getFirst());
    assertThat(after.pending()).isEmpty();
    assertThat(after.nextAt().toString()).endsWith("-01-01T00:00:00Z");
  }

  private static Object input(UUID execution) {
    return product
        .engine()
        .find(CatalogOnADatabase.TENANT, execution)
        .orElseThrow()
        .execution()
        .input();
  }

  @Test
  void two_who_race_for_a_time_start_it_once() throws Exception {
    publish("raced", "", SHORT);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int round = 1; round <= 15; round++) {
        comes("raced", 5);
        List<UUID> ids = ids("raced");
        List<Callable<Integer>> both =
            List.of(() -> timetable().attend(ids), () -> timetable().attend(ids));
        int started = 0;
        for (Future<Integer> one : threads.invokeAll(both)) {
          started += one.get();
        }
        assertThat(started).isBetween(1, 2);
        assertThat(executions("raced")).as("round %d", round).hasSize(round);
        assertThat(row("raced").pending()).isEmpty();
        assertThat(row("raced").lastExecution()).isEqualTo(executions("raced").getLast());
      }
    }
  }

  @Test
  void a_process_that_is_lost_before_or_after_the_start_leaves_nothing_undone_or_done_twice() {
    publish("lost", "", SHORT);
    comes("lost", 5);
    List<UUID> ids = ids("lost");
    timetable(
            _ -> {
              throw new IllegalStateException("lost before the start");
            })
        .attend(ids);
    assertThat(executions("lost")).isEmpty();
    assertThat(row("lost").pending()).hasSize(1);
    timetable(
            request -> {
              var _ = product.engine().start(request);
              throw new IllegalStateException("lost after the start");
            })
        .attend(ids);
    assertThat(executions("lost")).hasSize(1);
    assertThat(row("lost").lastExecution()).isNull();
    timetable().attend(ids);
    assertThat(executions("lost")).hasSize(1);
    assertThat(row("lost").lastExecution()).isEqualTo(executions("lost").getFirst());
  }

  @Test
  void one_that_cannot_be_started_does_not_hold_up_the_next() {
    String text =
        """
        flow: refused
        input: {n: integer}
        triggers: [{schedule: {cron: 0 0 1 1 *, input: {n: $trigger.cron}}}]
        steps: [{a: {set: {n: $input.n}}}]
        """;
    assertThat(product.create(text)).isInstanceOf(Publication.Done.class);
    comes("refused", 5);
    assertThat(timetable().attend(ids("refused"))).isZero();
    assertThat(row("refused").pending()).isEmpty();
    assertThat(row("refused").nextAt()).isAfter(row("refused").now());
  }

  // -- overlap

  @Test
  void allow_starts_beside_one_that_runs() {
    publish("allowed", ", overlap: allow", LONG);
    for (int i = 1; i <= 3; i++) {
      comes("allowed", 5);
      timetable().attend(ids("allowed"));
      assertThat(executions("allowed")).hasSize(i);
    }
  }

  @Test
  void skip_passes_over_a_time_while_one_runs() {
    publish("skipped", ", overlap: skip", LONG);
    comes("skipped", 5);
    timetable().attend(ids("skipped"));
    comes("skipped", 5);
    timetable().attend(ids("skipped"));
    assertThat(executions("skipped")).hasSize(1);
    assertThat(row("skipped").pending()).isEmpty();
    cancel(executions("skipped").getFirst());
    timetable().attend(ids("skipped"));
    assertThat(executions("skipped")).as("a time that was passed over is gone").hasSize(1);
    comes("skipped", 5);
    timetable().attend(ids("skipped"));
    assertThat(executions("skipped")).hasSize(2);
  }

  @Test
  void queue_starts_them_one_after_the_other() {
    publish("queued", ", overlap: queue", LONG);
    for (int i = 3; i > 0; i--) {
      comes("queued", 5 * i);
      timetable().attend(ids("queued"));
    }
    assertThat(executions("queued")).hasSize(1);
    List<Instant> waiting = row("queued").pending();
    assertThat(waiting).hasSize(2).isSorted();
    cancel(executions("queued").getFirst());
    timetable().attend(ids("queued"));
    assertThat(executions("queued")).hasSize(2);
    assertThat(input(executions("queued").getLast()))
        .isEqualTo(Map.of("at", waiting.getFirst().toString()));
    timetable().attend(ids("queued"));
    assertThat(executions("queued")).hasSize(2);
    assertThat(row("queued").pending()).containsExactly(waiting.getLast());
  }

  // -- the sweeper

  @Test
  void the_sweeper_finds_what_is_due_and_lets_it_rest_for_whoever_attends() {
    publish("swept", "", SHORT);
    Sweeps sweeps = new Sweeps(product.engineSource());
    try (Hints hints = new NoHints()) {
      Sweeper sweeper = new Sweeper(sweeps, hints);
      assertThat(sweeper.sweep().schedules()).doesNotContainAnyElementsOf(ids("swept"));
      comes("swept", 5);
      assertThat(sweeper.sweep().schedules()).containsAll(ids("swept"));
      assertThat(sweeper.sweep().schedules()).doesNotContainAnyElementsOf(ids("swept"));
      assertThat(row("swept").pending()).as("finding decides nothing").isEmpty();
      assertThat(row("swept").nextAt()).isBefore(row("swept").now());
    }
  }

  private static final class NoHints implements Hints {
    @Override
    public int send(List<Outgoing> outgoing) {
      return outgoing.size();
    }

    @Override
    public void close() {}
  }
}
