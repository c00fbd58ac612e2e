package io.orchestrator.store;

import static io.orchestrator.store.Commits.answering;
import static io.orchestrator.store.Commits.end;
import static io.orchestrator.store.Commits.hash;
import static io.orchestrator.store.Commits.id;
import static io.orchestrator.store.Commits.key;
import static io.orchestrator.store.Commits.next;
import static io.orchestrator.store.Commits.opening;
import static io.orchestrator.store.Commits.row;
import static io.orchestrator.store.Commits.start;
import static io.orchestrator.store.Commits.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every store of executions promises. */
abstract class ExecutionStoreContract {
  private static final Duration LEASE = Duration.ofSeconds(2);

  abstract ExecutionStore store();

  /** Lets that much time go by on the store's clock. */
  abstract void pass(Duration time);

  private Instant stored(Commit commit) {
    assertThat(store().commit(commit)).isInstanceOf(Verdict.Stored.class);
    return store().load(commit.execution()).orElseThrow().history().getLast().at();
  }

  private Stored loaded(UUID id) {
    return store().load(id).orElseThrow();
  }

  private UUID started() {
    UUID id = id();
    stored(start(id));
    return id;
  }

  @Test
  void a_start_is_there_with_everything_it_said() {
    UUID id = id();
    Verdict verdict = store().commit(start(id));
    Stored stored = loaded(id);
    assertThat(verdict).isEqualTo(new Verdict.Stored(stored.startedAt()));
    assertThat(stored)
        .returns("acme", Stored::tenant)
        .returns("support", Stored::flow)
        .returns("1.0.0", Stored::version)
        .returns("queued", Stored::status)
        .returns(1, Stored::revision)
        .returns("{\"active\":[\"a\"]}", Stored::state)
        .returns(stored.startedAt().plusSeconds(2), Stored::dueAt)
        .returns(null, Stored::owner)
        .returns(null, Stored::endedAt)
        .returns(0, Stored::strikes);
    assertThat(stored.readAt()).isAfterOrEqualTo(stored.startedAt());
    assertThat(stored.history())
        .containsExactly(
            new Stored.Line(
                1, stored.startedAt(), "started", null, 0, "{\"output\":{\"n\":1}}", null));
  }

  @Test
  void nobody_knows_an_execution_that_was_never_started() {
    assertThat(store().load(id())).isEmpty();
    assertThat(store().commit(step(id(), 1, "a"))).isEqualTo(new Verdict.Lost());
  }

  @Test
  void of_two_successors_of_one_revision_the_second_is_lost_and_leaves_nothing() {
    UUID id = started();
    stored(step(id, 1, "a"));
    assertThat(store().commit(step(id, 1, "b"))).isEqualTo(new Verdict.Lost());
    assertThat(store().commit(step(id, 3, "b"))).isEqualTo(new Verdict.Lost());
    assertThat(loaded(id).history()).extracting(Stored.Line::step).containsExactly(null, "a");
  }

  @Test
  void the_same_id_starts_once() {
    UUID id = started();
    assertThat(store().commit(start(id))).isEqualTo(new Verdict.Lost());
    assertThat(loaded(id).history()).hasSize(1);
  }

  @Test
  void a_chain_of_changes_is_one_commit_with_a_row_each() {
    UUID id = started();
    Instant at =
        stored(
            next(
                id,
                1,
                new Commit.Head("completed", "{}", null, null, null, true),
                row("step_completed", "a"),
                row("step_skipped", "b"),
                row("completed", null)));
    Stored stored = loaded(id);
    assertThat(stored.revision()).isEqualTo(4);
    assertThat(stored.history()).extracting(Stored.Line::revision).containsExactly(1, 2, 3, 4);
    assertThat(stored.history())
        .extracting(Stored.Line::event)
        .containsExactly("started", "step_completed", "step_skipped", "completed");
    assertThat(stored.endedAt()).isEqualTo(at);
    assertThat(stored.dueAt()).isNull();
  }

  @Test
  void somebody_looks_at_the_earlier_of_both_times() {
    UUID id = started();
    Instant soon = loaded(id).readAt().plusSeconds(1).truncatedTo(ChronoUnit.MILLIS);
    Instant late = soon.plus(Duration.ofDays(300));
    stored(
        next(
            id,
            1,
            new Commit.Head("running", "{}", Duration.ofMinutes(1), soon, null, false),
            row("a", null)));
    assertThat(loaded(id).dueAt()).isEqualTo(soon);
    Instant at =
        stored(
            next(
                id,
                2,
                new Commit.Head("running", "{}", Duration.ofMinutes(1), late, null, false),
                row("b", null)));
    assertThat(loaded(id).dueAt()).isEqualTo(at.plusSeconds(60));
    stored(next(id, 3, new Commit.Head("waiting", "{}", null, late, null, false), row("c", null)));
    assertThat(loaded(id).dueAt()).isEqualTo(late);
    stored(next(id, 4, new Commit.Head("paused", "{}", null, null, null, false), row("d", null)));
    assertThat(loaded(id).dueAt()).isNull();
  }

  @Test
  void a_time_that_is_over_is_due_now() {
    UUID id = started();
    Instant at =
        stored(
            next(
                id,
                1,
                new Commit.Head("waiting", "{}", null, Instant.EPOCH, null, false),
                row("a", null)));
    assertThat(loaded(id).dueAt()).isEqualTo(at);
  }

  @Test
  void a_timer_in_the_history_counts_from_the_commit() {
    UUID id = started();
    Instant at =
        stored(
            next(
                id,
                1,
                new Commit.Head("waiting", "{}", Duration.ofDays(3), null, null, false),
                new Commit.Row("step_waiting", "pause", 1, "{}", Duration.ofDays(3))));
    assertThat(loaded(id).history().getLast().due()).isEqualTo(at.plus(Duration.ofDays(3)));
  }

  @Test
  void a_key_starts_once_and_the_second_is_told_who_was_first() {
    UUID first = id();
    String name = "order-" + first;
    stored(start(first, key(name, "the request")));
    UUID second = id();
    assertThat(store().commit(start(second, key(name, "the request"))))
        .isEqualTo(new Verdict.Duplicate(first, true));
    assertThat(store().commit(start(second, key(name, "another"))))
        .isEqualTo(new Verdict.Duplicate(first, false));
    assertThat(store().load(second)).isEmpty();
    stored(start(second, key(name + "'", "the request")));
  }

  @Test
  void an_expired_key_starts_anew() {
    String name = "order-" + id();
    stored(start(id(), new Commit.IdempotencyKey("api", name, hash("x"), Duration.ofMillis(50))));
    pass(Duration.ofMillis(60));
    UUID second = id();
    stored(start(second, new Commit.IdempotencyKey("api", name, hash("y"), Duration.ofHours(1))));
    assertThat(store().commit(start(id(), key(name, "y"))))
        .isEqualTo(new Verdict.Duplicate(second, true));
  }

  @Test
  void fifty_equal_starts_at_once_make_one_execution() throws Exception {
    String name = "order-" + id();
    List<Verdict> verdicts =
        allAtOnce(IntStream.range(0, 50).mapToObj(_ -> start(id(), key(name, "same"))).toList());
    assertThat(verdicts).filteredOn(Verdict.Stored.class::isInstance).hasSize(1);
    assertThat(verdicts).filteredOn(Verdict.Duplicate.class::isInstance).hasSize(49);
    assertThat(verdicts.stream().filter(Verdict.Duplicate.class::isInstance).distinct()).hasSize(1);
  }

  @Test
  void of_fifty_equal_successors_at_once_one_is_stored() throws Exception {
    UUID id = started();
    List<Verdict> verdicts =
        allAtOnce(IntStream.range(0, 50).mapToObj(_ -> step(id, 1, "a")).toList());
    assertThat(verdicts).filteredOn(Verdict.Stored.class::isInstance).hasSize(1);
    assertThat(verdicts).filteredOn(Verdict.Lost.class::isInstance).hasSize(49);
    assertThat(loaded(id).revision()).isEqualTo(2);
  }

  @Test
  void many_executions_at_once_keep_apart() throws Exception {
    List<UUID> ids = IntStream.range(0, 500).mapToObj(_ -> id()).toList();
    assertThat(allAtOnce(ids.stream().map(Commits::start).toList()))
        .allMatch(Verdict.Stored.class::isInstance);
    assertThat(allAtOnce(ids.stream().map(id -> step(id, 1, "a")).toList()))
        .allMatch(Verdict.Stored.class::isInstance);
    assertThat(allAtOnce(ids.stream().map(id -> end(id, 2)).toList()))
        .allMatch(Verdict.Stored.class::isInstance);
    assertThat(ids)
        .allSatisfy(
            id ->
                assertThat(loaded(id))
                    .returns(4, Stored::revision)
                    .returns("completed", Stored::status));
  }

  private List<Verdict> allAtOnce(List<Commit> commits)
      throws InterruptedException, ExecutionException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Verdict>> futures = new ArrayList<>();
      commits.forEach(commit -> futures.add(threads.submit(() -> store().commit(commit))));
      List<Verdict> verdicts = new ArrayList<>();
      for (Future<Verdict> future : futures) {
        verdicts.add(future.get());
      }
      return verdicts;
    }
  }

  @Test
  void a_wait_is_answered_once() {
    UUID id = started();
    String token = "token of " + id;
    assertThat(store().findWait(hash(token))).isEmpty();
    stored(opening(step(id, 1, "a"), token, "call"));
    assertThat(store().findWait(hash(token)).orElseThrow())
        .returns(id, ExecutionStore.WaitRow::execution)
        .returns("acme", ExecutionStore.WaitRow::tenant)
        .returns("call", ExecutionStore.WaitRow::step)
        .returns(null, ExecutionStore.WaitRow::answerHash);
    stored(answering(step(id, 2, "b"), token, "yes"));
    assertThat(store().findWait(hash(token)).orElseThrow().answerHash()).isEqualTo(hash("yes"));
    assertThat(store().commit(answering(step(id, 3, "c"), token, "no")))
        .isEqualTo(new Verdict.Lost());
    assertThat(store().findWait(hash(token)).orElseThrow().answerHash()).isEqualTo(hash("yes"));
    assertThat(loaded(id).revision()).isEqualTo(3);
  }

  @Test
  void an_answer_to_an_unknown_wait_is_lost() {
    UUID id = started();
    assertThat(store().commit(answering(step(id, 1, "a"), "never opened " + id, "yes")))
        .isEqualTo(new Verdict.Lost());
  }

  @Test
  void a_lost_commit_neither_opens_nor_answers_a_wait() {
    UUID id = started();
    String token = "token of " + id;
    store().commit(opening(step(id, 7, "a"), token, "call"));
    assertThat(store().findWait(hash(token))).isEmpty();
    stored(opening(step(id, 1, "a"), token, "call"));
    store().commit(answering(step(id, 1, "b"), token, "yes"));
    assertThat(store().findWait(hash(token)).orElseThrow().answerHash()).isNull();
  }

  @Test
  void a_wait_may_be_opened_and_answered_by_one_chain_and_be_opened_again() {
    UUID id = started();
    String token = "token of " + id;
    stored(answering(opening(step(id, 1, "a"), token, "call"), token, "yes"));
    assertThat(store().findWait(hash(token)).orElseThrow().answerHash()).isEqualTo(hash("yes"));
    stored(opening(step(id, 2, "a"), token, "call"));
    assertThat(store().findWait(hash(token)).orElseThrow().answerHash()).isNull();
    stored(answering(step(id, 3, "b"), token, "no"));
  }

  @Test
  void a_claim_needs_the_revision_and_a_lease_that_is_over() {
    UUID id = started();
    stored(held(id, 1, "p1", Duration.ofMillis(100), null));
    assertThat(store().claim(id, 2, "p2", LEASE)).isZero();
    pass(Duration.ofMillis(120));
    assertThat(store().claim(id, 1, "p2", LEASE)).isZero();
    assertThat(store().claim(id, 2, "p2", Duration.ofMillis(100))).isEqualTo(1);
    assertThat(store().claim(id, 2, "p3", LEASE)).isZero();
    assertThat(loaded(id)).returns("p2", Stored::owner).returns(1, Stored::strikes);
    pass(Duration.ofMillis(120));
    assertThat(store().claim(id, 2, "p3", LEASE)).isEqualTo(2);
    stored(step(id, 2, "a"));
    assertThat(loaded(id)).returns(null, Stored::owner).returns(0, Stored::strikes);
    assertThat(store().claim(id, 3, "p4", LEASE)).isEqualTo(1);
  }

  @Test
  void an_owner_may_claim_what_is_its_own_already() {
    UUID id = started();
    stored(held(id, 1, "p1", LEASE, null));
    assertThat(store().claim(id, 2, "p2", LEASE)).isZero();
    assertThat(store().claim(id, 2, "p1", LEASE)).isEqualTo(1);
    assertThat(loaded(id)).returns("p1", Stored::owner).returns(true, Stored::isLeased);
  }

  @Test
  void a_lease_counts_until_its_own_end_whatever_timer_is_due_before() {
    UUID id = started();
    stored(held(id, 1, "p1", LEASE, store().now().plusMillis(1)));
    pass(Duration.ofMillis(5));
    assertThat(loaded(id).dueAt()).isBeforeOrEqualTo(loaded(id).readAt());
    assertThat(loaded(id).isLeased()).isTrue();
  }

  @Test
  void what_is_quarantined_is_moved_claimed_and_renewed_by_nobody() {
    UUID id = started();
    stored(held(id, 1, "p1", LEASE, null));
    assertThat(store().quarantine(id, "it contradicts itself")).isTrue();
    assertThat(store().quarantine(id, "again")).isFalse();
    assertThat(loaded(id))
        .returns("quarantined", Stored::status)
        .returns(2, Stored::revision)
        .returns(null, Stored::dueAt)
        .returns(null, Stored::owner);
    assertThat(store().commit(step(id, 2, "a"))).isInstanceOf(Verdict.Lost.class);
    assertThat(store().claim(id, 2, "p1", LEASE)).isZero();
    assertThat(store().renew("p1", Map.of(id, 2), LEASE)).isEmpty();
    UUID ended = started();
    stored(end(ended, 1));
    assertThat(store().quarantine(ended, "too late")).isFalse();
  }

  @Test
  void an_owner_who_is_gone_is_forgotten_where_nobody_has_to_look_before_a_time() {
    UUID id = started();
    stored(held(id, 1, "p1", Duration.ofMillis(100), null));
    Instant wake = store().now().plusSeconds(3_600).truncatedTo(ChronoUnit.MICROS);
    store().rest(id, 2, wake);
    assertThat(loaded(id)).returns("p1", Stored::owner);
    pass(Duration.ofMillis(120));
    store().rest(id, 1, wake);
    assertThat(loaded(id)).returns("p1", Stored::owner);

    store().rest(id, 2, wake);

    assertThat(loaded(id))
        .returns(null, Stored::owner)
        .returns(null, Stored::leaseUntil)
        .returns(wake, Stored::dueAt)
        .returns(2, Stored::revision);
  }

  @Test
  void whoever_knows_the_beginning_of_a_history_is_given_the_rest() {
    UUID id = started();
    List<Stored.Line> begun = loaded(id).history();
    assertThat(store().load(id, begun).orElseThrow())
        .usingRecursiveComparison()
        .ignoringFields("readAt")
        .isEqualTo(loaded(id));
    stored(step(id, 1, "a"));

    Stored whole = store().load(id, begun).orElseThrow();

    assertThat(whole).usingRecursiveComparison().ignoringFields("readAt").isEqualTo(loaded(id));
    assertThat(whole.history()).hasSize(2);
    assertThat(store().load(UUID.randomUUID(), begun)).isEmpty();
  }

  @Test
  void what_has_ended_or_rests_cannot_be_claimed() {
    UUID ended = started();
    stored(end(ended, 1));
    assertThat(store().claim(ended, 3, "p", LEASE)).isZero();
    UUID paused = started();
    stored(
        next(
            paused,
            1,
            new Commit.Head("paused", "{}", null, null, null, false),
            row("paused", null)));
    assertThat(store().claim(paused, 2, "p", LEASE)).isZero();
    assertThat(store().claim(id(), 1, "p", LEASE)).isZero();
  }

  @Test
  void a_lease_is_renewed_unless_it_is_someone_elses_or_the_execution_has_moved_on() {
    UUID mine = started();
    UUID nobodys = started();
    UUID lost = started();
    UUID moved = started();
    UUID ended = started();
    stored(held(mine, 1, "p1", LEASE, null));
    stored(held(lost, 1, "p2", LEASE, null));
    stored(held(moved, 1, "p1", LEASE, null));
    stored(end(ended, 1));
    Instant before = loaded(lost).dueAt();
    pass(Duration.ofMillis(10));
    Set<UUID> renewed =
        store()
            .renew(
                "p1",
                Map.of(mine, 2, nobodys, 1, lost, 2, moved, 1, ended, 3, id(), 1),
                Duration.ofSeconds(30));
    assertThat(renewed).containsExactlyInAnyOrder(mine, nobodys);
    assertThat(loaded(mine)).returns(2, Stored::revision).returns("p1", Stored::owner);
    assertThat(loaded(mine).dueAt()).isAfter(loaded(mine).readAt().plusSeconds(20));
    assertThat(loaded(nobodys)).returns("p1", Stored::owner);
    assertThat(loaded(lost).dueAt()).isEqualTo(before);
    assertThat(store().renew("p1", Map.of(), LEASE)).isEmpty();
  }

  @Test
  void a_renewed_lease_does_not_hide_an_earlier_timer_nor_ends_with_it() {
    UUID id = started();
    Instant timer = loaded(id).readAt().plusMillis(50).truncatedTo(ChronoUnit.MILLIS);
    stored(held(id, 1, "p1", LEASE, timer));
    assertThat(store().renew("p1", Map.of(id, 2), Duration.ofSeconds(30))).containsExactly(id);
    assertThat(loaded(id).dueAt()).isEqualTo(timer);
    pass(Duration.ofMillis(80));
    assertThat(store().claim(id, 2, "p2", LEASE)).isZero();
  }

  @Test
  void its_clock_is_the_one_that_dates_the_rows() {
    Instant before = store().now();
    UUID id = started();
    assertThat(loaded(id).startedAt()).isBetween(before, store().now());
  }

  private static Commit held(UUID id, int expected, String owner, Duration lease, Instant timer) {
    return next(
        id,
        expected,
        new Commit.Head("running", "{}", lease, timer, owner, false),
        row("step_started", "a"));
  }

  @Test
  void json_comes_back_as_the_very_text() {
    UUID id = started();
    String text =
        "{\"z\":1,\"a\":1.10,\"n\":-0,\"big\":12345678901234567890.123456789,\"e\":1E+2,\"t\":\"\u00e4"
            + " \ud83d\ude00 \\u0041 \\\"q\\\" \\\\\",\"nested\":[{\"b\":null,\"a\":[]}]}";
    stored(
        next(
            id,
            1,
            new Commit.Head("running", text, LEASE, null, null, false),
            new Commit.Row("step_completed", "\u00e4", 3, text, null)));
    assertThat(loaded(id).state()).isEqualTo(text);
    assertThat(loaded(id).history().getLast())
        .returns(text, Stored.Line::data)
        .returns(3, Stored.Line::attempt);
  }

  @Test
  void a_commit_that_cannot_be_is_refused_at_once() {
    UUID id = id();
    Commit.Head head = new Commit.Head("completed", "{}", LEASE, null, null, true);
    assertThatThrownBy(() -> store().commit(next(id, 1, head, row("completed", null))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store().commit(next(id, 0, head, row("completed", null))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> store().commit(new Commit(id, 1, head, List.of(), List.of(), null, null)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
