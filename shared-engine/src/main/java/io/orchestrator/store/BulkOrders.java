package io.orchestrator.store;

import io.orchestrator.expression.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/** Orders about many executions. */
public final class BulkOrders {
  private static final String FIELDS =
      """
      id, tenant, action, query, ordered_by, status, rate, canary, turn, matched, done, refused, cursor, created_at, ended_at,
        refusals, request_hash
      """;

  private static final String PUT =
      """
      insert into bulk_orders (id, tenant, action, query, ordered_by, status, rate, canary, matched, due_at, key, request_hash)
      values (?, ?, ?, ?::json, ?, 'running', ?, ?, ?, clock_timestamp(), ?, ?)
      on conflict (tenant, key) where key is not null do nothing
      """;

  private static final String GET =
      "select " + FIELDS + " from bulk_orders where tenant = ? and id = ?";

  private static final String BY_KEY =
      "select " + FIELDS + " from bulk_orders where tenant = ? and key = ?";

  // Somebody has looked at what the first ones have come to.
  private static final String CONTINUE =
      """
      update bulk_orders set status = 'running', canary = null, due_at = clock_timestamp()
      where tenant = ? and id = ? and status = 'canary' returning
      """
          + FIELDS;

  private static final String STOP =
      """
      update bulk_orders set status = 'stopped', due_at = null, ended_at = clock_timestamp()
      where tenant = ? and id = ? and status in ('running', 'canary') returning
      """
          + FIELDS;

  private static final String TAKE =
      """
      update bulk_orders set turn = turn + 1, due_at = clock_timestamp() + interval '30 seconds'
      where tenant = ? and id = ? and turn = ? and status = 'running' returning
      """
          + FIELDS;

  // The next batch is due a second after this one began.
  private static final String WORKED =
      """
      update bulk_orders set cursor = ?, done = done + ?, refused = refused + ?, refusals = ?::json, status = ?,
        due_at = case when ? = 'running' then due_at - interval '29 seconds' end,
        ended_at = case when ? = 'completed' then clock_timestamp() end
      where tenant = ? and id = ? and turn = ? and status = 'running' returning
      """
          + FIELDS;

  private final Tenancy tenancy;

  /** Keeps them there; the role is the API's or the engine's. */
  public BulkOrders(DataSource source) {
    this.tenancy = new Tenancy(source);
  }

  /**
   * An order.
   *
   * @param id UUIDv7; only what is older than it is meant
   * @param action {@code retry}, {@code rerun} or {@code cancel}
   * @param by who ordered it
   * @param status {@code running}, {@code canary} (waits for a look at the first ones), {@code
   *     stopped}, {@code completed}
   * @param rate how many a second at most
   * @param canary after how many it waits; null: it does not
   * @param turn counts who has taken it up
   * @param matched how many executions were meant when it was given
   * @param cursor the last one that was looked at; null at the beginning
   * @param refusals the latest of them, {@code {execution, why}}
   */
  public record Order(
      UUID id,
      String tenant,
      String action,
      ExecutionReads.Query query,
      String by,
      String status,
      int rate,
      Integer canary,
      int turn,
      int matched,
      int done,
      int refused,
      UUID cursor,
      Instant createdAt,
      Instant endedAt,
      List<?> refusals,
      byte[] requestHash) {

    /** The batch that comes next. */
    public ExecutionReads.Query batch() {
      int left = canary == null ? rate : Math.min(rate, canary - done - refused);
      return query.after(cursor == null ? id : cursor, Math.max(1, left));
    }
  }

  /**
   * Stores an order that is worked off from now on.
   *
   * @param key makes it happen once; null without
   * @return it, or the one that was given with that key before
   */
  public Order put(Order order, String key) {
    return tenancy.transaction(
        order.tenant,
        connection -> {
          try (var statement = connection.prepareStatement(PUT)) {
            Sql.bind(
                connection,
                statement,
                order.id,
                order.tenant,
                order.action,
                Json.write(data(order.query)),
                order.by,
                order.rate,
                order.canary,
                order.matched,
                key,
                order.requestHash);
            statement.executeUpdate();
          }
          return key == null
              ? Sql.first(connection, GET, BulkOrders::order, order.tenant, order.id).orElseThrow()
              : Sql.first(connection, BY_KEY, BulkOrders::order, order.tenant, key).orElseThrow();
        });
  }

  /** The order of a tenant. */
  public Optional<Order> find(String tenant, UUID id) {
    return tenancy.first(tenant, GET, BulkOrders::order, tenant, id);
  }

  /** Lets an order go on that waits for a look; empty if it does not. */
  public Optional<Order> goOn(String tenant, UUID id) {
    return tenancy.first(tenant, CONTINUE, BulkOrders::order, tenant, id);
  }

  /** Stops an order for good; empty if it has ended. */
  public Optional<Order> stop(String tenant, UUID id) {
    return tenancy.first(tenant, STOP, BulkOrders::order, tenant, id);
  }

  /** Takes an order up; empty if somebody else has, or if there is nothing to do. */
  public Optional<Order> take(String tenant, UUID id, int turn) {
    return tenancy.first(tenant, TAKE, BulkOrders::order, tenant, id, turn);
  }

  /**
   * Tells what a batch has come to, unless somebody else has taken the order since.
   *
   * @param status after it
   */
  public void worked(
      Order order, UUID cursor, int done, int refused, List<?> refusals, String status) {
    var _ =
        tenancy.first(
            order.tenant,
            WORKED,
            BulkOrders::order,
            cursor,
            done,
            refused,
            Json.write(refusals),
            status,
            status,
            status,
            order.tenant,
            order.id,
            order.turn);
  }

  private static Order order(ResultSet row) throws SQLException {
    return new Order(
        Sql.uuid(row, "id"),
        row.getString("tenant"),
        row.getString("action"),
        query((Map<?, ?>) Json.readStored(row.getString("query"))),
        row.getString("ordered_by"),
        row.getString("status"),
        row.getInt("rate"),
        row.getObject("canary", Integer.class),
        row.getInt("turn"),
        row.getInt("matched"),
        row.getInt("done"),
        row.getInt("refused"),
        Sql.uuid(row, "cursor"),
        Sql.instant(row, "created_at"),
        Sql.instant(row, "ended_at"),
        (List<?>) Json.readStored(row.getString("refusals")),
        row.getBytes("request_hash"));
  }

  /** Whether an order was given by an equal request. */
  public static boolean isSame(Order order, byte[] requestHash) {
    return Arrays.equals(order.requestHash, requestHash);
  }

  // -- the query as data

  private static Map<String, Object> data(ExecutionReads.Query query) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("flow", query.flow());
    data.put("version", query.version());
    data.put("status", query.statuses());
    data.put("from", query.from() == null ? null : query.from().toString());
    data.put("to", query.to() == null ? null : query.to().toString());
    data.put("search", query.search());
    return data;
  }

  private static ExecutionReads.Query query(Map<?, ?> data) {
    Map<String, String> search = new LinkedHashMap<>();
    ((Map<?, ?>) data.get("search")).forEach((k, v) -> search.put((String) k, (String) v));
    return new ExecutionReads.Query(
        (String) data.get("flow"),
        (String) data.get("version"),
        ((List<?>) data.get("status")).stream().map(String.class::cast).toList(),
        data.get("from") == null ? null : Instant.parse((String) data.get("from")),
        data.get("to") == null ? null : Instant.parse((String) data.get("to")),
        search,
        null,
        1);
  }
}
