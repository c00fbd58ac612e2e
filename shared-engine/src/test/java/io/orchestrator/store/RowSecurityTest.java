package io.orchestrator.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.f4b6a3.uuid.UuidCreator;
import io.orchestrator.testing.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The second line behind the queries' own filters: as the API's role, a query without any filter
 * finds nothing of another tenant, in every table there is. The tables come from the database's
 * catalog, so one that forgets its policies fails here.
 */
class RowSecurityTest {
  /** What belongs to no tenant. */
  private static final Set<String> OF_NOBODY =
      Set.of("flyway_schema_history", "sweep_mark", "audit_mark", "summary_mark");

  private static final List<String> TENANTS = List.of("acme", "globex");

  private static final String TABLES =
      """
      select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition
      order by c.relname
      """;

  @SuppressWarnings("InlineFormatString") // it reads better apart from its use
  private static final String COLUMNS =
      """
      select a.attname, format_type(a.atttypid, a.atttypmod) from pg_attribute a
      where a.attrelid = '%s'::regclass and a.attnum > 0 and not a.attisdropped
        and a.attgenerated = '' and a.attidentity = ''
        and (a.attname in ('tenant', 'execution')
          or (a.attnotnull and not exists
            (select from pg_attrdef d where d.adrelid = a.attrelid and d.adnum = a.attnum)))
      order by a.attnum
      """;

  /** Foreign keys and checks, which only a row of the real program could satisfy. */
  private static final String DEMANDS =
      """
      select format('alter table %s drop constraint if exists %I cascade', c.conrelid::regclass, c.conname)
      from pg_constraint c join pg_class t on t.oid = c.conrelid join pg_namespace n on n.oid = t.relnamespace
      where n.nspname = 'public' and c.contype in ('c', 'f') and c.coninhcount = 0 and c.conparentid = 0
      """;

  private final Map<String, UUID> executions = new HashMap<>();
  private TestDatabase database;
  private DataSource api;

  @BeforeEach
  void create() {
    database = TestDatabase.create();
    api = database.api();
  }

  @AfterEach
  void drop() {
    database.close();
  }

  @Test
  void without_any_filter_no_table_shows_or_takes_what_is_another_tenants() throws SQLException {
    fill();
    List<String> findings = new ArrayList<>();
    int readable = 0;
    for (String table : tables()) {
      findings.addAll(findings(table));
      readable += may(table, "select") ? 1 : 0;
    }
    assertThat(findings).isEmpty();
    assertThat(readable).as("tables that the API reads").isGreaterThan(8);
  }

  @Test
  void a_table_that_forgets_its_policies_is_found() throws SQLException {
    database.execute("create table forgotten (tenant text not null, what text)");
    database.execute("create table half_done (tenant text not null, what text)");
    database.execute("grant select, insert on forgotten, half_done to orchestrator_api");
    database.execute("alter table half_done enable row level security");
    database.execute(
        "create policy api_of_one_tenant on half_done to orchestrator_api using (true)");
    database.execute("create table of_whom (what text)");
    fill();
    assertThat(findings("forgotten"))
        .contains(
            "forgotten: without a tenant 2 rows are seen",
            "forgotten: globex sees a row of acme",
            "forgotten: globex writes a row of acme");
    assertThat(findings("half_done")).isNotEmpty();
    assertThat(findings("of_whom")).containsExactly("of_whom: whose rows are these?");
  }

  @Test
  void no_way_leads_around_the_policies() throws SQLException {
    assertThat(
            texts(
                database.owner(),
                "select rolname from pg_roles where rolname in ('orchestrator_api',"
                    + " 'orchestrator_engine') and (rolsuper or rolbypassrls or rolcreaterole)"))
        .as("roles that policies do not bind")
        .isEmpty();
    assertThat(
            texts(
                database.owner(),
                """
                select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
                where n.nspname = 'public' and (c.relispartition or c.relkind = 'm'
                  or (c.relkind = 'v' and not coalesce('security_invoker=true' = any(c.reloptions), false)))
                  and has_table_privilege('orchestrator_api', c.oid, 'select, insert, update, delete')
                """))
        .as("partitions and views that the API could read in place of the tables")
        .isEmpty();
    assertThat(
            texts(
                database.owner(),
                """
                select p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace
                where n.nspname = 'public' and p.prosecdef
                  and has_function_privilege('orchestrator_api', p.oid, 'execute')
                """))
        .as(
            "functions that read for the API with their owner's rights: see below how two of them"
                + " ask, the third tells a time that is nobody's")
        .containsExactlyInAnyOrder("find_flows", "flows_with", "swept_to");
  }

  @Test
  void what_runs_with_its_owners_rights_asks_whose_rows_it_may_show() throws SQLException {
    fill();
    database.execute("update flows set words = 'x'::tsvector, retired_at = null");
    for (String search :
        List.of(
            "select tenant from find_flows(null, null, null, null, null, '', 100)",
            "select tenant from find_flows('x'::tsquery, null, null, null, null, '', 100)",
            "select f.tenant from flows_with('x'::tsquery) w join flows f on f.flow = w")) {
      assertThat(texts((String) null, search)).as(search).isEmpty();
      assertThat(texts("", search)).as(search).isEmpty();
      assertThat(texts("globex", search)).as(search).containsExactly("globex");
    }
  }

  // -- what is wrong with a table

  private List<String> findings(String table) throws SQLException {
    List<String> found = new ArrayList<>();
    Map<String, String> columns = columns(table);
    if (!columns.containsKey("tenant") && !columns.containsKey("execution")) {
      return OF_NOBODY.contains(table) ? found : List.of(table + ": whose rows are these?");
    }
    if (may(table, "select")) {
      reading(table, found);
    }
    writing(table, found);
    return found;
  }

  private void reading(String table, List<String> found) throws SQLException {
    for (String nobody : new String[] {null, ""}) {
      int seen = texts(nobody, "select 1 from " + table).size();
      if (seen > 0) {
        found.add(table + ": without a tenant " + seen + " rows are seen");
      }
    }
    for (String tenant : TENANTS) {
      List<String> seen = texts(tenant, "select " + owner(table) + " from " + table);
      if (!seen.contains(key(table, tenant))) {
        found.add(table + ": " + tenant + " does not see its own row");
      }
      for (String other : TENANTS) {
        if (!other.equals(tenant) && seen.contains(key(table, other))) {
          found.add(table + ": " + tenant + " sees a row of " + other);
        }
      }
    }
  }

  /** Everything is undone again. */
  private void writing(String table, List<String> found) throws SQLException {
    if (may(table, "insert") && changed("globex", insert(table, "acme", 3)) > 0) {
      found.add(table + ": globex writes a row of acme");
    }
    if (may(table, "delete") && changed("globex", "delete from " + table) > 1) {
      found.add(table + ": globex deletes a row of acme");
    }
    if (may(table, "update")) {
      String column = owner(table);
      if (changed("globex", "update " + table + " set " + column + " = " + column) > 1) {
        found.add(table + ": globex changes a row of acme");
      }
      if (changed("globex", "update " + table + " set " + column + " = " + value(table, "acme", 3))
          > 0) {
        found.add(table + ": globex gives a row to acme");
      }
    }
  }

  private String value(String table, String tenant, int number) throws SQLException {
    return value(table, owner(table), "", tenant, number);
  }

  // -- rows

  /** One row of each tenant in every table. */
  private void fill() throws SQLException {
    try (Connection connection = database.owner().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("set session_replication_role = replica");
      for (String drop : texts(database.owner(), DEMANDS)) {
        statement.execute(drop);
      }
      for (String table : tables()) {
        if (columns(table).containsKey("tenant") || columns(table).containsKey("execution")) {
          for (String tenant : TENANTS) {
            statement.execute(insert(table, tenant, 0));
          }
        }
      }
    }
  }

  private String insert(String table, String tenant, int number) throws SQLException {
    Map<String, String> columns = columns(table);
    List<String> values =
        columns.entrySet().stream()
            .map(column -> value(table, column.getKey(), column.getValue(), tenant, number))
            .toList();
    return columns.isEmpty()
        ? "insert into " + table + " default values"
        : "insert into %s (%s) values (%s)"
            .formatted(table, String.join(", ", columns.keySet()), String.join(", ", values));
  }

  private String value(String table, String column, String type, String tenant, int number) {
    if (column.equals("tenant")) {
      return "'" + tenant + "'";
    }
    boolean isHead = table.equals("executions") && column.equals("id");
    if (column.equals("execution") || isHead) {
      return "'" + execution(tenant, number) + "'";
    }
    int n = 2 * number + TENANTS.indexOf(tenant) + 1;
    return switch (type.replaceAll("\\(.*", "")) {
      case "text", "character varying" -> "'x" + n + "'";
      case "uuid" -> "'" + new UUID(n, 0) + "'";
      case "integer", "bigint", "smallint", "numeric", "double precision", "real" ->
          Integer.toString(n);
      case "boolean" -> "false";
      case "timestamp with time zone" -> "now()";
      case "date" -> "current_date";
      case "json", "jsonb" -> "'{}'";
      case "bytea" -> "'\\x0" + n + "'";
      case "text[]", "uuid[]", "integer[]", "bigint[]" -> "'{}'";
      default -> throw new IllegalStateException("give " + table + "." + column + " a " + type);
    };
  }

  /** In the partition of this month. */
  private UUID execution(String tenant, int number) {
    return executions.computeIfAbsent(tenant + number, key -> UuidCreator.getTimeOrderedEpoch());
  }

  /** The column that says whose a row is. */
  private String owner(String table) throws SQLException {
    return columns(table).containsKey("tenant") ? "tenant" : "execution";
  }

  private String key(String table, String tenant) throws SQLException {
    return owner(table).equals("tenant") ? tenant : execution(tenant, 0).toString();
  }

  // -- asking

  private List<String> tables() throws SQLException {
    return texts(database.owner(), TABLES);
  }

  private Map<String, String> columns(String table) throws SQLException {
    Map<String, String> columns = new LinkedHashMap<>();
    try (Connection connection = database.owner().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(COLUMNS.formatted(table))) {
      while (rows.next()) {
        columns.put(rows.getString(1), rows.getString(2));
      }
    }
    return columns;
  }

  private boolean may(String table, String privilege) throws SQLException {
    return texts(
            database.owner(),
            "select has_table_privilege('orchestrator_api', '" + table + "', '" + privilege + "')")
        .equals(List.of("t"));
  }

  /** What the API's role reads for a tenant; null: none is set. */
  private List<String> texts(String tenant, String sql) throws SQLException {
    try (Connection connection = api.getConnection()) {
      connection.setAutoCommit(false);
      set(connection, tenant);
      List<String> texts = texts(connection, sql);
      connection.rollback();
      return texts;
    }
  }

  private static List<String> texts(DataSource source, String sql) throws SQLException {
    try (Connection connection = source.getConnection()) {
      return texts(connection, sql);
    }
  }

  private static List<String> texts(Connection connection, String sql) throws SQLException {
    List<String> texts = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
    }
    return texts;
  }

  /** How many rows the API's role changes for a tenant; 0 if it is refused. */
  private int changed(String tenant, String sql) throws SQLException {
    try (Connection connection = api.getConnection()) {
      connection.setAutoCommit(false);
      set(connection, tenant);
      try (Statement statement = connection.createStatement()) {
        return statement.executeUpdate(sql);
      } catch (SQLException refused) {
        assertThat(refused.getSQLState()).as(sql + ": " + refused.getMessage()).isEqualTo("42501");
        return 0;
      } finally {
        connection.rollback();
      }
    }
  }

  private static void set(Connection connection, String tenant) throws SQLException {
    if (tenant != null) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("select set_config('app.tenant', '" + tenant + "', true)");
      }
    }
  }
}
