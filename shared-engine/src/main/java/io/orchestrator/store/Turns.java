package io.orchestrator.store;

import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * The turns of flows that limit their concurrency, in PostgreSQL: the database decides, row by row.
 */
final class Turns {
  private static final String TAKE =
      """
      select outcome, in_its_way from take_turn(?, ?, ?, ?, ?, ?)
      """;

  private static final String LEAVE = "select execution from leave_turn(?, ?) as execution";

  private final DataSource source;

  Turns(DataSource source) {
    this.source = source;
  }

  Turn take(Turn.Wish wish) {
    return Sql.repeatable(
        source,
        "asking for a turn of " + wish.flow(),
        connection ->
            Sql.first(
                    connection,
                    TAKE,
                    row -> turn(row.getString(1), List.of((UUID[]) row.getArray(2).getArray())),
                    wish.tenant(),
                    wish.flow(),
                    wish.key(),
                    wish.most(),
                    wish.execution(),
                    wish.onLimit())
                .orElseThrow());
  }

  private static Turn turn(String outcome, List<UUID> inItsWay) {
    return switch (outcome) {
      case "taken" -> new Turn.Taken();
      case "waiting" -> new Turn.Waiting(inItsWay);
      case "refused" -> new Turn.Refused();
      default -> throw new IllegalStateException("a turn is " + outcome);
    };
  }

  List<UUID> leave(UUID execution, int most) {
    return Sql.repeatable(
        source,
        "giving back the turn of " + execution,
        connection ->
            Sql.list(connection, LEAVE, row -> Sql.uuid(row, "execution"), execution, most));
  }
}
