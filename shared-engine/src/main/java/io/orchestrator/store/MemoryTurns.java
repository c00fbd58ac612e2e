package io.orchestrator.store;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * The same turns as in PostgreSQL, in memory; its owner sees to it that one thread asks at a time.
 */
final class MemoryTurns {
  private static final Comparator<Row> IN_ORDER =
      Comparator.comparing(Row::execution, Sql.ID_ORDER);

  private final List<Row> rows = new ArrayList<>();

  private record Row(String tenant, String flow, String key, UUID execution, boolean taken) {
    boolean isOf(Turn.Wish wish) {
      return tenant.equals(wish.tenant()) && flow.equals(wish.flow()) && key.equals(wish.key());
    }
  }

  Turn take(Turn.Wish wish, Predicate<UUID> hasEnded) {
    rows.removeIf(row -> row.isOf(wish) && hasEnded.test(row.execution));
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
      put(wish, true);
      return new Turn.Taken();
    }
    if (wish.onLimit().equals("reject")) {
      return new Turn.Refused();
    }
    put(wish, false);
    List<Row> inItsWay =
        switch (wish.onLimit()) {
          case "replace" -> older;
          case "cancel_oldest" ->
              atWork.subList(0, Math.min(atWork.size(), before + 1 - wish.most()));
          default -> List.of();
        };
    return new Turn.Waiting(inItsWay.stream().map(Row::execution).toList());
  }

  private void put(Turn.Wish wish, boolean taken) {
    rows.removeIf(row -> row.isOf(wish) && row.execution.equals(wish.execution()));
    rows.add(new Row(wish.tenant(), wish.flow(), wish.key(), wish.execution(), taken));
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
