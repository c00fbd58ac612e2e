package io.orchestrator.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/** Finds flows by words and by what they are, and counts what a search could be narrowed by. */
public final class FlowSearch {
  private static final int VALUES_MAX = 50;

  private static final String FIND =
      "select %s from find_flows(?::tsquery, ?, ?, ?, ?, ?, ?)".formatted(FlowRows.COLUMNS);

  // Each facet is counted under all conditions but its own: it says what another choice there would
  // find.
  private static final String FACETS =
      """
      with found as materialized (
        select category, owner, tags, status_of(f) as status, ?::text is null or category = ?::text as c, ?::text is null or owner = ?::text as o,
          ?::text is null or ?::text = any(tags) as t, ?::text is null and retired_at is null or status_of(f) = ?::text as s
        from flows f
        where tenant = ? and flow like any(?::text[]) and (?::tsquery is null or flow in (select flows_with(?::tsquery)))
      ), counted as (
        select 'category' as facet, category as value, count(*) as flows from found where o and t and s and category <> '' group by category
        union all
        select 'tag', tag, count(*) from found cross join unnest(tags) as tag where c and o and s group by tag
        union all
        select 'owner', owner, count(*) from found where c and t and s and owner <> '' group by owner
        union all
        select 'status', status, count(*) from found where c and o and t group by status
      ), ranked as (
        select *, row_number() over (partition by facet order by flows desc, value) as place from counted
      )
      select facet, value, flows from ranked where place <= ? order by facet, place
      """;

  private static final String SHARED =
      """
      with mine as (
        select 'category' as facet, category as value from flows where tenant = ? and flow = ? and category <> ''
        union all
        select 'owner', owner from flows where tenant = ? and flow = ? and owner <> ''
        union all
        select 'status', status_of(f) from flows f where tenant = ? and flow = ?
        union all
        select distinct 'tag', tag from flows cross join unnest(tags) as tag where tenant = ? and flow = ?
      ), others as materialized (
        select category, owner, tags, status_of(f) as status from flows f where tenant = ? and flow like any(?::text[]) and retired_at is null
      )
      select m.facet, m.value, (select count(*) from others x where case m.facet when 'category' then x.category = m.value
        when 'owner' then x.owner = m.value when 'status' then x.status = m.value else m.value = any(x.tags) end) as flows
      from mine m order by m.facet, m.value
      """;

  private final Tenancy tenancy;

  /** Searches there; the role is the API's. */
  public FlowSearch(DataSource source) {
    this.tenancy = new Tenancy(source);
  }

  /**
   * Which flows.
   *
   * @param text words of name, title, description, category, tags and owner, or beginnings of them;
   *     null: any, as for the others
   * @param status {@code draft}, {@code active}, {@code inactive} or {@code retired}; null: all but
   *     retired
   */
  public record Query(String text, String category, String tag, String owner, String status) {
    /** All that are not retired. */
    public static final Query ALL = new Query(null, null, null, null, null);

    private boolean findsNothing() {
      return text != null && SearchWords.query(text).isEmpty();
    }

    private String words() {
      return text == null ? null : SearchWords.query(text);
    }
  }

  /** A value and how many flows have it. */
  public record Count(String facet, String value, long flows) {}

  /**
   * Flows by name.
   *
   * @param after the last name of the page before; empty: the first page
   */
  public List<FlowRow> find(String tenant, Query q, String after, int limit) {
    return q.findsNothing()
        ? List.of()
        : tenancy.list(
            tenant,
            FIND,
            FlowRows::flow,
            q.words(),
            q.category,
            q.owner,
            q.tag,
            q.status,
            after,
            limit);
  }

  /**
   * What a search could be narrowed by: for category, tag, owner and status the most frequent
   * values under its other conditions.
   *
   * @param reach patterns (LIKE) of the names that may be counted
   */
  public List<Count> facets(String tenant, Query q, List<String> reach) {
    return q.findsNothing()
        ? List.of()
        : tenancy.list(
            tenant,
            FACETS,
            FlowSearch::count,
            q.category,
            q.category,
            q.owner,
            q.owner,
            q.tag,
            q.tag,
            q.status,
            q.status,
            tenant,
            reach,
            q.words(),
            q.words(),
            VALUES_MAX);
  }

  /** What a flow is filed under, and how many flows are filed under the same. */
  public List<Count> shared(String tenant, String flow, List<String> reach) {
    return tenancy.list(
        tenant,
        SHARED,
        FlowSearch::count,
        tenant,
        flow,
        tenant,
        flow,
        tenant,
        flow,
        tenant,
        flow,
        tenant,
        reach);
  }

  private static Count count(ResultSet row) throws SQLException {
    return new Count(row.getString("facet"), row.getString("value"), row.getLong("flows"));
  }
}
