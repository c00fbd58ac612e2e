package io.orchestrator.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.orchestrator.execution.Execution;
import io.orchestrator.queue.Hint;
import io.orchestrator.queue.InProcessHints;
import io.orchestrator.store.Events;
import io.orchestrator.store.ExecutionStore;
import io.orchestrator.store.PostgresExecutionStore;
import io.orchestrator.store.Sweeps;
import io.orchestrator.testing.FoldsBack;
import io.orchestrator.testing.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What crosses executions when processes die in between, when it comes early, twice or late, and
 * when several things happen at once.
 */
class CrossingWindowsTest {
  @RegisterExtension static final FoldsBack FOLDS_BACK = new FoldsBack();

  private World world;

  @BeforeEach
  void begin() {
    world = new World(new PostgresExecutionStore(FOLDS_BACK.database().engine()));
  }

  @AfterEach
  void end() {
    world.close();
  }

  private UUID waiting(String flow, Object input) {
    UUID id = world.start(flow, input);
    world.reaches(id, "waiting");
    return id;
  }

  private static <T> List<T> together(List<Callable<T>> all) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<T> results = new ArrayList<>();
      for (Future<T> result : threads.invokeAll(all)) {
        results.add(result.get());
      }
      return results;
    }
  }

  private Events.Kept publish(String type, String key, Object data) {
    return world.engine().publish(World.TENANT, UUID.randomUUID(), type, key, data);
  }

  private String call(UUID parent, String step) {
    Object call = world.view(parent).execution().step(step).call();
    return (String) ((Map<?, ?>) call).get("execution");
  }

  // -- lost hints

  /** Sweeps until the execution has ended, as a process that never heard of it. */
  private void sweptTo(UUID id) {
    try (InProcessHints hints =
        new InProcessHints(
            (queue, hint) -> world.engine().advance(hint, Duration.ofMinutes(1)), 8)) {
      Sweeper sweeper = new Sweeper(new Sweeps(FOLDS_BACK.database().engine()), hints);
      await()
          .atMost(Duration.ofSeconds(5))
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(200))
          .until(
              () -> {
                sweeper.sweep();
                return world.view(id).execution().status().isFinal();
              });
    }
  }

  @Test
  void the_end_of_a_child_whose_hint_is_lost_resumes_its_parent_within_five_seconds() {
    world.publish("flow: leaf\nsteps:\n  - x: {await: {signal: go}}\n");
    world.publish("flow: stem\nsteps:\n  - sub: {flow: leaf}\n");
    UUID parent = waiting("stem", null);
    UUID child = UUID.fromString(call(parent, "sub"));
    world.reaches(child, "waiting");
    try (World deaf = world.withoutHints()) {
      assertThat(deaf.engine().signal(World.TENANT, child, "s", "go", 5L))
          .isEqualTo(SignalOutcome.ACCEPTED);
    }
    assertThat(world.status(parent)).isEqualTo("waiting");
    sweptTo(parent);
    assertThat(world.view(parent).execution().output()).isEqualTo(5L);
  }

  @Test
  void an_event_that_was_stored_and_not_delivered_reaches_its_waits() {
    world.publish("flow: hears\nsteps:\n  - x: {await: {event: bell, key: \"'k'\"}}\n");
    UUID id = waiting("hears", null);
    world
        .store()
        .events()
        .put(UUID.randomUUID(), World.TENANT, "bell", "k", "{\"n\":1}"); // and the process is gone
    sweptTo(id);
    assertThat(world.view(id).execution().output()).isEqualTo(Map.of("n", 1L));
  }

  @Test
  void an_emitted_event_is_stored_with_its_step_and_delivered_after_a_crash() {
    world.publish("flow: ears\nsteps:\n  - x: {await: {event: horn, key: \"'k'\"}}\n");
    world.publish("flow: mouth\nsteps:\n  - emit: {type: horn, key: k, data: 3}\n");
    UUID id = waiting("ears", null);
    try (World deaf = world.withoutHints()) {
      UUID mouth = deaf.start("mouth", null);
      assertThat(deaf.status(mouth)).isEqualTo("completed");
    }
    assertThat(world.status(id)).isEqualTo("waiting");
    sweptTo(id);
    assertThat(world.view(id).execution().output()).isEqualTo(3L);
  }

  @Test
  void an_event_that_came_between_listening_and_looking_is_found_by_whoever_goes_on() {
    world.publish("flow: late-look\nsteps:\n  - x: {await: {event: peep, key: \"'k'\"}}\n");
    UUID id;
    try (World deaf = world.withoutHints()) {
      id = deaf.start("late-look", null); // it listens, and its process dies before it looks
      deaf.store().events().put(UUID.randomUUID(), World.TENANT, "peep", "k", "8");
    }
    assertThat(world.view(id).execution().step("x").status().text()).isEqualTo("running");
    sweptTo(id);
    assertThat(world.view(id).execution().output()).isEqualTo(8L);
  }

  @Test
  void a_crash_between_the_start_of_a_child_and_the_commit_that_says_so_doubles_nothing() {
    world.publish("flow: twig\nsteps:\n  - x: {await: {signal: go}}\n");
    world.publish("flow: bough\nsteps:\n  - sub: {flow: twig}\n");
    UUID parent;
    try (World deaf = world.withoutHints()) {
      parent = deaf.start("bough", null);
    }
    // Two processes take the first step at the same time; each starts the child.
    Execution seen = world.view(parent).execution();
    try (World other =
        new World(new PostgresExecutionStore(FOLDS_BACK.database().engine())).sharing(world)) {
      other.hint(parent, seen.revision(), Hint.Kind.RUN);
      world.hint(parent, seen.revision(), Hint.Kind.RUN);
    }
    world.reaches(parent, "waiting");
    assertThat(started("twig")).isEqualTo(1);
  }

  private long started(String flow) {
    try (var connection = FOLDS_BACK.database().owner().getConnection();
        var statement =
            connection.prepareStatement("select count(*) from executions where flow = ?")) {
      statement.setString(1, flow);
      try (var rows = statement.executeQuery()) {
        rows.next();
        return rows.getLong(1);
      }
    } catch (java.sql.SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  // -- races

  @Test
  void one_of_an_event_and_a_timeout_wins() throws Exception {
    world.publish(
        "flow: race\nsteps:\n  - x: {await: {event: r, key: $input, timeout: 60ms}}\n"
            + "on_error: [{catch: timeout, steps: [{set: {late: true}}], then: continue}]\n");
    List<UUID> ids = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      ids.add(world.start("race", "k" + i));
    }
    List<Callable<Events.Kept>> events = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      String key = "k" + i;
      int wait = 10 * i;
      events.add(
          () -> {
            java.util.concurrent.locks.LockSupport.parkNanos(wait * 1_000_000L);
            return publish("r", key, "event");
          });
    }
    together(events);
    for (UUID id : ids) {
      Execution execution = world.ended(id);
      assertThat(execution.status().text()).isEqualTo("completed");
      boolean taken = execution.step("x").status().text().equals("completed");
      assertThat(execution.vars().containsKey("late")).isEqualTo(!taken);
    }
  }

  @Test
  void one_of_a_signal_and_a_cancel_wins() throws Exception {
    world.publish("flow: torn\nsteps:\n  - x: {await: {signal: go}}\n");
    for (int i = 0; i < 10; i++) {
      UUID id = waiting("torn", null);
      List<Callable<Object>> both =
          List.of(
              () -> world.engine().signal(World.TENANT, id, "s", "go", 1L),
              () -> world.engine().cancel(World.TENANT, id, "enough"));
      List<Object> outcomes = together(both);
      String status = world.ended(id).status().text();
      assertThat(outcomes.get(0))
          .isIn(
              status.equals("completed")
                  ? List.of(SignalOutcome.ACCEPTED)
                  : List.of(SignalOutcome.LATE));
      assertThat(outcomes.get(1) instanceof CancelOutcome.Done)
          .isEqualTo(status.equals("cancelled"));
    }
  }

  @Test
  void two_children_that_end_together_resume_their_parent_once_each() throws Exception {
    world.publish("flow: kid\nsteps:\n  - x: {await: {signal: go}}\n");
    world.publish("flow: twins\nsteps:\n  - parallel: [{one: {flow: kid}}, {two: {flow: kid}}]\n");
    UUID parent = waiting("twins", null);
    List<Callable<SignalOutcome>> both = new ArrayList<>();
    for (String step : List.of("parallel_1/one", "parallel_1/two")) {
      UUID child = UUID.fromString(call(parent, step));
      world.reaches(child, "waiting");
      both.add(() -> world.engine().signal(World.TENANT, child, "s", "go", step));
    }
    together(both);
    Execution execution = world.ended(parent);
    assertThat(execution.output())
        .isEqualTo(Map.of("one", "parallel_1/one", "two", "parallel_1/two"));
    assertThat(
            world.view(parent).stored().history().stream()
                .filter(line -> line.event().equals("step_completed")))
        .hasSize(3);
  }

  @Test
  void a_child_that_was_cancelled_before_it_began_never_begins() {
    ExecutionStore store = world.store();
    String child = UUID.randomUUID().toString();
    assertThat(Errands.forbid(store.events(), World.TENANT, child)).isEmpty();
    assertThat(Errands.forbid(store.events(), World.TENANT, child)).isEmpty();
  }
}
