package io.orchestrator.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HealthRowsTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private TestDatabase database;
  private DefinitionRows adapters;
  private HealthRows engine;
  private HealthRows api;

  @BeforeEach
  void create() {
    database = TestDatabase.create();
    adapters = DefinitionRows.adapters(database.api());
    engine = new HealthRows(database.engine());
    api = new HealthRows(database.api());
  }

  @AfterEach
  void drop() {
    database.close();
  }

  private void define(String tenant, String name, int expected, Duration every) {
    assertThat(adapters.put(tenant, name, expected, "{}", "", "ann", every)).isPresent();
  }

  private void later(Duration time) {
    database.execute(
        "update adapter_health set due_at = due_at - interval '%d milliseconds'"
            .formatted(time.toMillis()));
  }

  private List<HealthRows.Due> take() {
    return engine.take(100).due();
  }

  private void note(HealthRows.Due due, boolean up) {
    engine.note(due, up, up ? 200 : null, Duration.ofMillis(7), up ? "" : "refused");
  }

  /** So many minutes later. */
  private static HealthRows.Due after(HealthRows.Due due, int minutes) {
    return new HealthRows.Due(
        due.tenant(), due.adapter(), due.instant().plus(MINUTE.multipliedBy(minutes)));
  }

  @Test
  void an_adapter_is_looked_after_from_its_definition_on_until_it_says_otherwise() {
    define("acme", "crm", 0, MINUTE);
    define("acme", "plain", 0, null);
    assertThat(take()).extracting(HealthRows.Due::adapter).containsExactly("crm");
    assertThat(take()).isEmpty();
    define("acme", "crm", 1, MINUTE);
    assertThat(take()).as("a change is looked at at once").hasSize(1);
    define("acme", "crm", 2, null);
    assertThat(api.find("acme", "crm")).isEmpty();
    define("acme", "crm", 3, MINUTE);
    assertThat(adapters.delete("acme", "crm", 4, "ann")).isPresent();
    assertThat(take()).isEmpty();
    assertThat(engine.take(1).next()).isNull();
  }

  @Test
  void two_sweepers_that_race_take_each_instant_once() throws Exception {
    for (int i = 0; i < 20; i++) {
      define(i % 2 == 0 ? "acme" : "globex", "a" + i, 0, Duration.ofSeconds(10));
    }
    Set<HealthRows.Due> seen = new HashSet<>();
    HealthRows other = new HealthRows(database.engine());
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int instant = 0; instant < 5; instant++) {
        List<Callable<List<HealthRows.Due>>> sweepers = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
          HealthRows rows = i % 2 == 0 ? engine : other;
          sweepers.add(() -> rows.take(100).due());
        }
        int taken = 0;
        for (Future<List<HealthRows.Due>> one : threads.invokeAll(sweepers)) {
          taken += one.get().size();
          seen.addAll(one.get());
        }
        assertThat(taken).isEqualTo(20);
        later(Duration.ofMillis(10_037L + 100L * instant));
      }
    }
    assertThat(seen).as("no instant twice").hasSize(100);
  }

  @Test
  void instants_that_nobody_took_are_left_out_and_the_rhythm_stays() {
    define("acme", "crm", 0, MINUTE);
    Instant first = take().getFirst().instant();
    later(Duration.ofMinutes(1));
    later(Duration.ofSeconds(200));
    HealthRows.Taken late = engine.take(100);
    assertThat(late.due()).hasSize(1);
    assertThat(late.next()).isBetween(Duration.ZERO, MINUTE);
    assertThat(late.due().getFirst().instant()).isBefore(first);
    assertThat(
            Duration.between(
                late.due().getFirst().instant(), api.find("acme", "crm").orElseThrow().next()))
        .isEqualTo(Duration.ofMinutes(4));
  }

  @Test
  void a_state_has_a_beginning_that_only_a_change_moves() {
    define("acme", "crm", 0, MINUTE);
    HealthRows.Health fresh = api.find("acme", "crm").orElseThrow();
    assertThat(fresh.up()).isNull();
    assertThat(fresh.checks()).isEmpty();
    HealthRows.Due due = take().getFirst();
    note(due, true);
    HealthRows.Health up = api.find("acme", "crm").orElseThrow();
    assertThat(up.up()).isTrue();
    note(after(due, 1), true);
    assertThat(api.find("acme", "crm").orElseThrow().since()).isEqualTo(up.since());
    note(after(due, 2), false);
    HealthRows.Health down = api.find("acme", "crm").orElseThrow();
    assertThat(down.up()).isFalse();
    assertThat(down.since()).isAfter(up.since());
    assertThat(down.checks()).extracting(HealthRows.Check::up).containsExactly(false, true, true);
    assertThat(down.checks().getFirst().note()).isEqualTo("refused");
    assertThat(down.checks().getFirst().status()).isNull();
    assertThat(down.checks().getLast().status()).isEqualTo(200);
  }

  @Test
  void the_same_instant_is_noted_once_and_of_all_only_the_latest_stay() {
    define("acme", "crm", 0, Duration.ofSeconds(10));
    HealthRows.Due due = take().getFirst();
    note(due, true);
    note(due, true);
    assertThat(api.find("acme", "crm").orElseThrow().checks()).hasSize(1);
    for (int i = 1; i <= HealthRows.CHECKS_MAX + 5; i++) {
      note(after(due, i), i % 2 == 0);
    }
    List<HealthRows.Check> kept = api.find("acme", "crm").orElseThrow().checks();
    assertThat(kept).hasSize(HealthRows.CHECKS_MAX);
    assertThat(kept.getFirst().instant()).isEqualTo(due.instant().plusSeconds(6_300));
  }

  @Test
  void nothing_is_noted_of_what_is_not_looked_after_any_more() {
    define("acme", "crm", 0, MINUTE);
    HealthRows.Due due = take().getFirst();
    define("acme", "crm", 1, null);
    note(due, true);
    assertThat(api.find("acme", "crm")).isEmpty();
    define("acme", "crm", 2, MINUTE);
    assertThat(api.find("acme", "crm").orElseThrow().checks()).isEmpty();
    engine.forget(take().getFirst());
    assertThat(api.find("acme", "crm")).isEmpty();
  }

  @Test
  void a_tenant_sees_its_own_only() {
    define("acme", "crm", 0, MINUTE);
    note(take().getFirst(), true);
    assertThat(api.find("globex", "crm")).isEmpty();
  }
}
