package io.orchestrator.store;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * The same turns as in PostgreSQL, in memory; its owner sees to it that one thread asks at a time.
 */
final class MemoryTurns {
  private static final Comparator<Row> IN_ORDER =
      Comparator.comparing(Row::execution, Sql.ID_ORDER);

  /** As long as in PostgreSQL: whoever asked has died before its execution was stored. */
  private static final Duration UNSTORED_MAX = Duration.ofSeconds(30);

  private final List<Row> rows = new ArrayList<>();

  private record Row(
      String tenant, String flow, String key, UUID execution, boolean taken, Instant askedAt) {
    boolean isOf(Turn.Wish wish) {
      return tenant.equals(wish.tenant()) && flow.equals(wish.flow()) && key.equals(wish.key());
    }
  }

  /**
   * Asks for a turn; one whose execution has ended, or was not stored in time, is free again.
   *
   * @param hasEnded empty: there is no such execution
   */
  Turn take(Turn.Wish wish, Function<UUID, Optional<Boolean>> hasEnded, Instant now) {
    Instant lost = now.minus(UNSTORED_MAX);
    rows.removeIf(
        row ->
            row.isOf(wish)
                && !row.execution.equals(wish.execution())
                && hasEnded.apply(row.execution).orElse(row.askedAt.isBefore(lost)));
    List<Row> others =
        rows.stream()
            .filter(row -> row.isOf(wish) && !row.execution.equals(wish.execution()))
            .sorted(IN_ORDER)
            .toList();
    boolean mine =
        rows.stream()
            .anyMatch(row -> row.isOf(wish) && row.execution.equals(wish.execution()) && row.taken);
    List<Row> older =
        others.stream()
            .filter(row -> Sql.ID_ORDER.compare(row.execution, wish.execution()) < 0)
            .toList();
    List<Row> atWork = others.stream().filter(Row::taken).toList();
    int before = atWork.size() + (int) older.stream().filter(row -> !row.taken).count();
    if (mine || before < wish.most()) {
      put(wish, true, now);
      return new Turn.Taken();
    }
    if (wish.onLimit().equals("reject")) {
      return new Turn.Refused();
    }
    put(wish, false, now);
    List<Row> inItsWay =
        switch (wish.onLimit()) {
          case "replace" -> older;
          case "cancel_oldest" ->
              atWork.subList(0, Math.min(atWork.size(), before + 1 - wish.most()));
          default -> List.of();
        };
    return new Turn.Waiting(inItsWay.stream().map(Row::execution).toList());
  }

  private void put(Turn.Wish wish, boolean taken, Instant now) {
    Instant asked =
        rows.stream()
            .filter(row -> row.isOf(wish) && row.execution.equals(wish.execution()))
            .map(Row::askedAt)
            .findFirst()
            .orElse(now);
    rows.removeIf(row -> row.isOf(wish) && row.execution.equals(wish.execution()));
    rows.add(new Row(wish.tenant(), wish.flow(), wish.key(), wish.execution(), taken, asked));
  }

  List<UUID> leave(UUID execution, int most) {
    List<Row> gone = rows.stream().filter(row -> row.execution.equals(execution)).toList();
    rows.removeAll(gone);
    return rows.stream()
        .filter(row -> !row.taken)
        .filter(
            row ->
                gone.stream()
                    .anyMatch(
                        g ->
                            g.tenant.equals(row.tenant)
                                && g.flow.equals(row.flow)
                                && g.key.equals(row.key)))
        .sorted(IN_ORDER)
        .limit(most)
        .map(Row::execution)
        .toList();
  }
}
