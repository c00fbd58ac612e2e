package io.orchestrator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.adapter.AdapterCall;
import io.orchestrator.adapter.Answer;
import io.orchestrator.execution.Execution;
import io.orchestrator.execution.Failure;
import io.orchestrator.execution.Settlement;
import io.orchestrator.execution.Status;
import io.orchestrator.queue.Hint;
import io.orchestrator.store.PostgresExecutionStore;
import io.orchestrator.store.Stored;
import io.orchestrator.testing.FoldsBack;
import io.orchestrator.testing.World;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What operators order, on a real database. */
class RepairsTest {
  @RegisterExtension static final FoldsBack FOLDS = new FoldsBack();

  private final AtomicBoolean broken = new AtomicBoolean(true);
  private World world;
  private Operator ann;

  @BeforeEach
  void open() {
    world = new World(new PostgresExecutionStore(FOLDS.database().engine()));
    world.service("b", this::answer);
    ann = world.engine().operator(World.TENANT, "ann");
  }

  @AfterEach
  void close() {
    world.close();
  }

  private Answer answer(AdapterCall call) {
    return broken.get()
        ? new Answer.Refused(Failure.fatal("b.down", "order 17 is unknown"))
        : new Answer.Done(Map.of("n", 2L), "b");
  }

  private Stored stored(UUID id) {
    return world.store().load(id).orElseThrow();
  }

  private UUID failed() {
    world.publish("flow: f\nsteps: [a, b, c]\n", "a", "b", "c");
    UUID id = world.start("f", Map.of("x", 1L));
    assertThat(world.ended(id).status()).isEqualTo(Status.FAILED);
    return id;
  }

  @Test
  void a_retry_goes_on_from_the_failed_step_with_the_same_key() {
    UUID id = failed();
    broken.set(false);

    RepairOutcome outcome = ann.retry(id, Retrial.because("mended"));

    assertThat(outcome).isInstanceOf(RepairOutcome.Done.class);
    assertThat(world.ended(id).status()).isEqualTo(Status.COMPLETED);
    assertThat(world.called()).containsExactly("a", "b", "b", "c");
    List<AdapterCall> calls = world.calls();
    assertThat(calls.get(2).idempotencyKey()).isEqualTo(calls.get(1).idempotencyKey());
    Stored.Line line =
        stored(id).history().stream()
            .filter(l -> l.event().equals("execution_retried"))
            .findFirst()
            .orElseThrow();
    assertThat(line.data()).contains("\"by\":\"ann\"", "\"reason\":\"mended\"");
  }

  @Test
  void what_has_not_failed_is_not_retried() {
    UUID id = failed();
    broken.set(false);
    assertThat(ann.retry(UUID.randomUUID(), Retrial.because("")))
        .isInstanceOf(RepairOutcome.NotFound.class);
    assertThat(world.engine().operator("other", "eve").retry(id, Retrial.because("")))
        .isInstanceOf(RepairOutcome.NotFound.class);
    ann.retry(id, Retrial.because(""));
    world.ended(id);
    assertThat(ann.retry(id, Retrial.because("")))
        .isInstanceOfSatisfying(
            RepairOutcome.Refused.class, r -> assertThat(r.code()).isEqualTo("not_retryable"));
  }

  @Test
  void it_goes_on_by_another_version_if_that_fits() {
    UUID id = failed();
    world.publish("flow: f\nsteps: [a, {b: {adapter: a}}, c]\n", "a", "b", "c");

    RepairOutcome outcome =
        ann.retry(id, new Retrial(null, false, null, Map.of(), "1.0.0", ""));

    assertThat(outcome).isInstanceOf(RepairOutcome.Done.class);
    assertThat(world.ended(id).status()).isEqualTo(Status.COMPLETED);
    assertThat(world.called()).containsExactly("a", "b", "a", "c");
  }

  @Test
  void edits_that_name_no_step_are_refused_with_a_hint() {
    UUID id = failed();
    assertThat(ann.retry(id, new Retrial("bb", false, null, Map.of(), null, "")))
        .isInstanceOfSatisfying(
            RepairOutcome.BadInput.class,
            bad -> assertThat(bad.problems().getFirst().path()).isEqualTo("/from"));
    assertThat(ann.retry(id, new Retrial(null, false, null, Map.of("d", 1L), null, "")))
        .isInstanceOf(RepairOutcome.BadInput.class);
  }

  @Test
  void two_retries_at_once_are_one() throws InterruptedException {
    UUID id = failed();
    broken.set(false);
    var outcomes = new java.util.concurrent.ConcurrentLinkedQueue<RepairOutcome>();
    List<Thread> threads =
        java.util.stream.IntStream.range(0, 8)
            .mapToObj(
                i ->
                    Thread.startVirtualThread(
                        () -> outcomes.add(ann.retry(id, Retrial.because("once")))))
            .toList();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(world.ended(id).status()).isEqualTo(Status.COMPLETED);
    assertThat(outcomes).filteredOn(RepairOutcome.Done.class::isInstance).hasSize(1);
    assertThat(world.called()).containsExactly("a", "b", "b", "c");
  }

  @Test
  void a_wait_is_ended_by_hand() {
    world.publish("flow: w\nsteps:\n  - q: {await: {callback: true}}\n  - after: a\n", "a");
    UUID id = world.start("w", null);
    world.reaches(id, "waiting");

    assertThat(ann.settle(id, "nope", new Settlement.Skipped()))
        .isInstanceOf(RepairOutcome.NotFound.class);
    assertThat(ann.settle(id, "q", new Settlement.Completed(7L)))
        .isInstanceOf(RepairOutcome.Done.class);

    Execution ended = world.ended(id);
    assertThat(ended.step("q").output()).isEqualTo(7L);
    assertThat(ann.settle(id, "q", new Settlement.Completed(7L)))
        .isInstanceOf(RepairOutcome.Refused.class);
  }

  @Test
  void a_rollback_restores_a_state_and_goes_on() {
    broken.set(false);
    world.publish("flow: f\nsteps: [a, b, c]\n", "a", "b", "c");
    UUID id = world.start("f", null);
    assertThat(world.ended(id).status()).isEqualTo(Status.COMPLETED);

    assertThat(ann.rollback(id, new Rollback("b", null, "again")))
        .isInstanceOf(RepairOutcome.Done.class);

    assertThat(world.ended(id).status()).isEqualTo(Status.COMPLETED);
    assertThat(world.called()).containsExactly("a", "b", "c", "b", "c");
    assertThat(world.calls().get(3).idempotencyKey())
        .isEqualTo(world.calls().get(1).idempotencyKey());
  }

  @Test
  void nothing_is_rolled_back_while_a_call_is_in_flight() throws InterruptedException {
    var begun = new java.util.concurrent.CountDownLatch(1);
    var goOn = new java.util.concurrent.CountDownLatch(1);
    world.service(
        "slow",
        call -> {
          begun.countDown();
          try {
            goOn.await();
          } catch (InterruptedException told) {
            Thread.currentThread().interrupt();
          }
          return new Answer.Done(1L, "slow");
        });
    world.publish("flow: s\nsteps: [a, slow, c]\n", "a", "slow", "c");
    UUID id = world.start("s", null);
    begun.await();

    RepairOutcome outcome = ann.rollback(id, new Rollback("a", null, ""));

    goOn.countDown();
    assertThat(outcome)
        .isInstanceOfSatisfying(
            RepairOutcome.Refused.class, r -> assertThat(r.code()).isEqualTo("in_flight"));
    assertThat(world.ended(id).status()).isEqualTo(Status.COMPLETED);
  }

  @Test
  void who_cancelled_and_paused_is_written() {
    world.publish("flow: w\nsteps:\n  - q: {await: {callback: true}}\n", "a");
    UUID id = world.start("w", null);
    world.reaches(id, "waiting");
    ann.pause(id, "look");
    ann.resume(id, io.orchestrator.execution.Raise.NONE);
    ann.cancel(id, "enough", false);
    assertThat(stored(id).history())
        .filteredOn(line -> line.data().contains("\"by\":\"ann\""))
        .extracting(Stored.Line::event)
        .containsExactly("execution_paused", "execution_resumed", "execution_cancelled");
  }
}
