package io.orchestrator.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Finding flows among ten thousand, as the API's role under row-level security. */
class FlowSearchTest {
  private static final String TENANT = "many";
  private static final long MILLIS_MAX = 50;

  private static TestDatabase database;
  private static FlowSearch search;

  @BeforeAll
  static void fill() throws SQLException {
    database = TestDatabase.create();
    search = new FlowSearch(database.api());
    try (Connection connection = database.owner().getConnection();
        Statement statement = connection.createStatement()) {
      for (String tenant : List.of(TENANT, "others")) {
        statement.execute(
            """
            insert into flows (tenant, flow, revision, title, category, tags, owner, latest, stable, words)
            select '%s', 'flow-' || i, 1, 'Title ' || i, 'category-' || i %% 20, array['tag-' || i %% 50, 'all'], 'owner-' || i %% 100, '1.0.0',
              case when i %% 4 = 0 then null else '1.0.0' end,
              array_to_tsvector(array['flow', i::text, 'title', 'word' || i %% 1000, 'common'])
            from generate_series(1, 10000) as i
            """
                .formatted(tenant));
      }
      statement.execute("analyze flows");
    }
  }

  @AfterAll
  static void close() {
    database.close();
  }

  private static FlowSearch.Query words(String text) {
    return new FlowSearch.Query(text, null, null, null, null);
  }

  @Test
  void words_are_looked_up_in_their_index() throws SQLException {
    try (Connection connection = database.owner().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("set app.tenant = '" + TENANT + "'");
      statement.execute("set enable_seqscan = off");
      String plan =
          String.join(
              "\n",
              Sql.list(
                  connection,
                  "explain select f.* from flows f where f.tenant ="
                      + " nullif(current_setting('app.tenant', true), '') and f.flow > '' and"
                      + " f.words @@ '''4077'':*'::tsquery and f.retired_at is null order by f.flow"
                      + " limit 21",
                  row -> row.getString(1)));
      assertThat(plan).contains("flows_by_words").doesNotContain("Seq Scan");
    }
    assertThat(search.find(TENANT, words("word77 title"), "", 200)).hasSize(110);
  }

  @Test
  void a_search_over_ten_thousand_flows_takes_less_than_fifty_milliseconds() {
    FlowSearch.Query filtered = new FlowSearch.Query("common", "category-3", "all", null, "active");
    List<FlowSearch.Query> queries =
        List.of(FlowSearch.Query.ALL, words("word7"), words("common flow"), filtered);
    for (FlowSearch.Query query : queries) {
      assertThat(median(() -> search.find(TENANT, query, "", 21).size()))
          .as("%s", query)
          .isLessThan(MILLIS_MAX);
      assertThat(median(() -> search.find(TENANT, query, "flow-7", 21).size()))
          .as("a later page of %s", query)
          .isLessThan(MILLIS_MAX);
    }
  }

  @Test
  void the_facets_of_ten_thousand_flows_are_counted() {
    List<FlowSearch.Count> facets = search.facets(TENANT, FlowSearch.Query.ALL, List.of("%"));
    assertThat(facets)
        .contains(
            new FlowSearch.Count("category", "category-3", 500),
            new FlowSearch.Count("tag", "all", 10_000),
            new FlowSearch.Count("owner", "owner-5", 100),
            new FlowSearch.Count("status", "active", 7_500),
            new FlowSearch.Count("status", "inactive", 2_500));
    assertThat(facets.stream().filter(count -> count.facet().equals("owner")).count())
        .as("the most frequent values")
        .isEqualTo(50);
    assertThat(search.facets(TENANT, FlowSearch.Query.ALL, List.of())).as("for nobody").isEmpty();
  }

  @Test
  void words_of_another_tenant_find_nothing() {
    assertThat(search.find("nobody", words("common"), "", 10)).isEmpty();
    assertThat(search.facets("nobody", words("common"), List.of("%"))).isEmpty();
  }

  @Test
  void the_lookup_of_words_knows_the_tenant_only_from_the_transaction() {
    List<String> found =
        new Tenancy(database.api())
            .list("nobody", "select flows_with('''common'''::tsquery)", row -> row.getString(1));
    assertThat(found).isEmpty();
  }

  @Test
  void words_are_cut_alike_whatever_their_case_accents_and_separators() {
    FlowRow.Meta meta =
        new FlowRow.Meta("Ünï-cödé_ÀB", "x".repeat(100), "", List.of("𝔘nicode 7"), "");
    assertThat(SearchWords.of("my-flow", meta))
        .containsExactly("my", "flow", "uni", "code", "ab", "unicode", "7", "x".repeat(64));
    assertThat(SearchWords.query("Uni & 'code' | !x:*")).isEqualTo("'uni':* & 'code':* & 'x':*");
    assertThat(SearchWords.query("%&\\")).isEmpty();
  }

  private static long median(java.util.function.IntSupplier work) {
    return IntStream.range(0, 15)
        .mapToLong(
            i -> {
              long begun = System.nanoTime();
              assertThat(work.getAsInt()).isNotNegative();
              return (System.nanoTime() - begun) / 1_000_000;
            })
        .sorted()
        .skip(7)
        .findFirst()
        .orElseThrow();
  }
}
