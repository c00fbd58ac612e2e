package io.orchestrator.adapter.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a circuit does, wherever its state is. */
abstract class CircuitStatesContract {
  static final Guarded STRIPE = new Guarded("acme", "stripe");
  static final Duration OPEN = Duration.ofSeconds(60);
  static final Duration WINDOW = Duration.ofSeconds(30);
  static final Duration HOLD = Duration.ofSeconds(15);
  static final CircuitBreaker BREAKER = new CircuitBreaker(3, WINDOW, OPEN);

  abstract CircuitStates states();

  /** Time goes on. */
  abstract void pass(Duration time);

  private Entry enter(Guarded guarded) {
    return states().enter(guarded, BREAKER, HOLD).orElseThrow();
  }

  private Entry enter() {
    return enter(STRIPE);
  }

  private Turn leave(String probe, Outcome outcome) {
    return states().leave(STRIPE, BREAKER, probe, outcome).orElseThrow();
  }

  private Turn fails() {
    return leave("", Outcome.FAILED);
  }

  private Circuit look() {
    return states().look(STRIPE, BREAKER).orElseThrow();
  }

  private void opens() {
    fails();
    fails();
    assertThat(fails()).isEqualTo(Turn.OPENED);
  }

  private String probes() {
    Entry entry = enter();
    assertThat(entry).isInstanceOf(Entry.Passed.class);
    String probe = ((Entry.Passed) entry).probe();
    assertThat(probe).isNotEmpty();
    return probe;
  }

  private static Duration wait(Entry entry) {
    assertThat(entry).isInstanceOf(Entry.Barred.class);
    return ((Entry.Barred) entry).pause();
  }

  @Test
  void a_circuit_opens_after_so_many_failures_in_a_row() {
    assertThat(fails()).isEqualTo(Turn.NONE);
    assertThat(fails()).isEqualTo(Turn.NONE);
    assertThat(enter()).isEqualTo(Entry.Passed.FREELY);
    assertThat(look()).isEqualTo(Circuit.closed(2));
    assertThat(fails()).isEqualTo(Turn.OPENED);
    assertThat(wait(enter())).isBetween(OPEN.minusSeconds(5), OPEN);
    assertThat(look().state()).isEqualTo(CircuitState.OPEN);
    assertThat(look().failures()).isEqualTo(3);
    assertThat(look().left()).isBetween(OPEN.minusSeconds(5), OPEN);
  }

  @Test
  void an_answer_between_them_begins_the_count_anew() {
    fails();
    fails();
    assertThat(leave("", Outcome.ANSWERED)).isEqualTo(Turn.NONE);
    assertThat(look()).isEqualTo(Circuit.CLOSED);
    fails();
    assertThat(fails()).isEqualTo(Turn.NONE);
    assertThat(enter()).isEqualTo(Entry.Passed.FREELY);
  }

  @Test
  void a_call_that_never_got_there_says_nothing() {
    fails();
    fails();
    assertThat(leave("", Outcome.UNKNOWN)).isEqualTo(Turn.NONE);
    assertThat(fails()).isEqualTo(Turn.OPENED);
  }

  @Test
  void failures_that_are_older_than_the_window_do_not_count() {
    fails();
    pass(WINDOW.dividedBy(2));
    fails();
    pass(WINDOW.dividedBy(2).plusSeconds(5));
    assertThat(look()).isEqualTo(Circuit.closed(1));
    assertThat(fails()).isEqualTo(Turn.NONE);
    assertThat(fails()).isEqualTo(Turn.OPENED);
  }

  @Test
  void after_its_time_one_call_may_try_and_the_others_wait_for_it() {
    opens();
    pass(OPEN.minusSeconds(10));
    assertThat(wait(enter())).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(10));
    pass(Duration.ofSeconds(10));
    assertThat(look().state()).isEqualTo(CircuitState.HALF_OPEN);
    String probe = probes();
    assertThat(wait(enter())).isBetween(Duration.ofMillis(1), Duration.ofSeconds(1));
    assertThat(leave(probe, Outcome.ANSWERED)).isEqualTo(Turn.CLOSED);
    assertThat(enter()).isEqualTo(Entry.Passed.FREELY);
    assertThat(look()).isEqualTo(Circuit.CLOSED);
  }

  @Test
  void a_probe_that_fails_opens_it_for_the_same_time_again() {
    opens();
    pass(OPEN);
    assertThat(leave(probes(), Outcome.FAILED)).isEqualTo(Turn.OPENED);
    assertThat(wait(enter())).isBetween(OPEN.minusSeconds(5), OPEN);
    assertThat(look().failures()).isEqualTo(4);
    pass(OPEN);
    probes();
  }

  @Test
  void a_probe_that_never_got_there_leaves_its_place_to_the_next() {
    opens();
    pass(OPEN);
    String probe = probes();
    assertThat(leave(probe, Outcome.UNKNOWN)).isEqualTo(Turn.NONE);
    assertThat(probes()).isNotEqualTo(probe);
  }

  @Test
  void a_probe_that_never_reports_is_waited_for_only_so_long() {
    opens();
    pass(OPEN);
    String lost = probes();
    pass(HOLD.minusSeconds(5));
    wait(enter());
    pass(Duration.ofSeconds(5));
    String second = probes();
    assertThat(leave(lost, Outcome.ANSWERED)).isEqualTo(Turn.NONE);
    assertThat(leave(lost, Outcome.FAILED)).isEqualTo(Turn.NONE);
    wait(enter());
    assertThat(leave(second, Outcome.ANSWERED)).isEqualTo(Turn.CLOSED);
  }

  @Test
  void what_began_before_it_opened_changes_nothing_when_it_ends() {
    opens();
    assertThat(leave("", Outcome.ANSWERED)).isEqualTo(Turn.NONE);
    pass(OPEN.minusSeconds(30));
    assertThat(fails()).isEqualTo(Turn.NONE);
    assertThat(wait(enter())).isLessThanOrEqualTo(Duration.ofSeconds(30));
    pass(Duration.ofSeconds(30));
    String probe = probes();
    assertThat(leave("", Outcome.ANSWERED)).isEqualTo(Turn.NONE);
    wait(enter());
    assertThat(leave(probe, Outcome.ANSWERED)).isEqualTo(Turn.CLOSED);
  }

  @Test
  void a_shorter_time_in_the_definition_counts_at_once() {
    opens();
    CircuitBreaker shorter = new CircuitBreaker(3, WINDOW, Duration.ofSeconds(10));
    assertThat(wait(states().enter(STRIPE, shorter, HOLD).orElseThrow()))
        .isLessThanOrEqualTo(Duration.ofSeconds(10));
    pass(Duration.ofSeconds(10));
    assertThat(states().enter(STRIPE, shorter, HOLD).orElseThrow())
        .isInstanceOf(Entry.Passed.class);
  }

  @Test
  void each_adapter_of_each_tenant_has_its_own() {
    opens();
    assertThat(enter(new Guarded("acme", "billing"))).isEqualTo(Entry.Passed.FREELY);
    assertThat(enter(new Guarded("globex", "stripe"))).isEqualTo(Entry.Passed.FREELY);
  }

  @Test
  void whoever_resets_it_closes_it() {
    opens();
    assertThat(states().reset(STRIPE)).isTrue();
    assertThat(enter()).isEqualTo(Entry.Passed.FREELY);
    fails();
    assertThat(fails()).isEqualTo(Turn.NONE);
  }
}
