package io.orchestrator.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.orchestrator.adapter.Answer;
import io.orchestrator.execution.Raise;
import io.orchestrator.execution.Status;
import io.orchestrator.execution.StepStatus;
import io.orchestrator.queue.Hint;
import io.orchestrator.store.PostgresExecutionStore;
import io.orchestrator.testing.FoldsBack;
import io.orchestrator.testing.World;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is said to an execution while it is paused is kept, on a real database. */
class PausedOnADatabaseTest {
  @RegisterExtension static final FoldsBack FOLDS_BACK = new FoldsBack();

  private final String name = "paused-" + UUID.randomUUID();
  private World world;

  @BeforeEach
  void begin() {
    world = new World(new PostgresExecutionStore(FOLDS_BACK.database().engine()));
  }

  @AfterEach
  void end() {
    world.close();
  }

  /** An execution of a flow of two steps, {@code x} and a call, which waits at {@code x}. */
  private UUID pausedAt(String wait) {
    world.publish("flow: " + name + "\nsteps:\n  - x: " + wait + "\n  - next: a\n", "a", "ask");
    world.service("ask", call -> new Answer.Later(null));
    UUID id = world.start(name, Map.of());
    world.reaches(id, "waiting");
    assertThat(world.engine().pause(World.TENANT, id, "look"))
        .isEqualTo(new Resumption.Done("paused"));
    return id;
  }

  private void goesOnOnlyWhenResumed(UUID id, Object output) {
    assertThat(world.view(id).execution().step("x").status()).isEqualTo(StepStatus.COMPLETED);
    assertThat(world.status(id)).isEqualTo("paused");
    assertThat(world.called()).doesNotContain("a");
    resume(id);
    world.reaches(id, "completed");
    assertThat(world.view(id).execution().step("x").output()).isEqualTo(output);
    assertThat(world.called().stream().filter("a"::equals)).hasSize(1);
  }

  private void resume(UUID id) {
    assertThat(world.engine().resume(World.TENANT, id, Raise.NONE))
        .isInstanceOf(Resumption.Done.class);
  }

  @Test
  void a_signal() {
    UUID id = pausedAt("{await: {signal: go}}");

    assertThat(world.engine().signal(World.TENANT, id, "s", "go", 5L))
        .isEqualTo(SignalOutcome.ACCEPTED);
    assertThat(world.engine().signal(World.TENANT, id, "s", "go", 5L))
        .isEqualTo(SignalOutcome.SAME);

    goesOnOnlyWhenResumed(id, 5L);
  }

  @Test
  void a_callback() {
    UUID id = pausedAt("{adapter: ask, await: {callback: true}}");
    String token = world.token(id, "x");

    assertThat(world.engine().callback(token, 5L, null)).isEqualTo(CallbackOutcome.ACCEPTED);
    assertThat(world.engine().callback(token, 5L, null)).isEqualTo(CallbackOutcome.SAME);
    assertThat(world.engine().callback(token, 6L, null)).isEqualTo(CallbackOutcome.DIFFERENT);

    goesOnOnlyWhenResumed(id, 5L);
  }

  @Test
  void an_event() {
    UUID id = pausedAt("{await: {event: " + name + "}}");

    world.engine().publish(World.TENANT, UUID.randomUUID(), name, "", 5L);
    await().until(() -> world.view(id).execution().step("x").status() == StepStatus.COMPLETED);

    goesOnOnlyWhenResumed(id, 5L);
  }

  @Test
  void a_decision() {
    UUID id = pausedAt("{approve: {title: Pay}, output: $result.decision}");

    assertThat(world.engine().decide(world.approval(id, "x"), "ann", "approve", null, null))
        .isEqualTo(CallbackOutcome.ACCEPTED);
    assertThat(world.engine().decide(world.approval(id, "x"), "ann", "reject", null, null))
        .isEqualTo(CallbackOutcome.DIFFERENT);

    goesOnOnlyWhenResumed(id, "approve");
  }

  @Test
  void a_timer_that_falls_due_meanwhile_does_so_when_it_is_resumed() {
    UUID id = pausedAt("{wait: 1s}");
    Instant due = world.view(id).execution().step("x").due();
    await().until(() -> Instant.now().isAfter(due));
    world.hint(id, world.view(id).execution().revision(), Hint.Kind.SWEPT);
    assertThat(world.view(id).execution().status()).isEqualTo(Status.PAUSED);

    resume(id);

    world.reaches(id, "completed");
    assertThat(world.called()).isEqualTo(List.of("a"));
  }
}
