package io.orchestrator.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orchestrator.testing.TestDatabase;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the catalog keeps, by the API's role. */
class CatalogRowsTest {
  private static final FlowRow.Meta META =
      new FlowRow.Meta(
          "Support", "Answers 100% of calls", "service", List.of("phone", "de"), "ann");
  private static TestDatabase database;
  private static FlowRows flows;
  private static FlowSearch search;
  private static DefinitionRows adapters;
  private static DefinitionRows steps;

  @BeforeAll
  static void open() {
    database = TestDatabase.create();
    var api = database.api();
    flows = new FlowRows(api);
    search = new FlowSearch(api);
    adapters = DefinitionRows.adapters(api);
    steps = DefinitionRows.steps(api);
  }

  @AfterAll
  static void close() {
    database.close();
  }

  private static FlowRow.Version version(String version) {
    return FlowRow.Version.of(
        version,
        "hash of " + version,
        "flow: support # " + version,
        "yaml",
        "{\"z\":1,\"a\":" + version.charAt(0) + "}",
        "ann");
  }

  private static FlowSearch.Query search(String text, String category, String tag, String owner) {
    return new FlowSearch.Query(text, category, tag, owner, null);
  }

  private static FlowWrite route(
      String tenant, String flow, int expected, String stable, String canary, String... paths) {
    FlowRoutes.Trial trial =
        canary == null ? null : new FlowRoutes.Trial(canary, "", new BigDecimal("0.05"), 2);
    String json = canary == null ? null : "{\"version\":\"" + canary + "\",\"percent\":10}";
    return flows
        .routes()
        .route(
            tenant,
            flow,
            expected,
            new FlowRoutes.Route(stable, json, trial, List.of(paths), "bob"));
  }

  private static FlowPublishing.Next next(
      FlowRow.Meta meta, FlowRow.Version version, boolean activate, String... paths) {
    return new FlowPublishing.Next(meta, version, List.of(paths), activate);
  }

  private static Optional<FlowRow> made(FlowWrite write) {
    return write instanceof FlowWrite.Made made ? Optional.of(made.flow()) : Optional.empty();
  }

  private static Optional<FlowRow> create(
      String tenant, String flow, FlowRow.Meta meta, FlowRow.Version version, boolean activate) {
    return made(flows.publishing().create(tenant, flow, next(meta, version, activate), null));
  }

  private static Optional<FlowRow> publish(
      String tenant,
      String flow,
      int expected,
      FlowRow.Meta meta,
      FlowRow.Version version,
      boolean activate) {
    return made(flows.publishing().publish(tenant, flow, expected, next(meta, version, activate)));
  }

  private static FlowWrite listens(String tenant, String flow, String... paths) {
    return flows.publishing().create(tenant, flow, next(META, version("1.0.0"), true, paths), null);
  }

  @Test
  void a_webhook_path_belongs_to_one_flow_of_a_tenant() {
    assertThat(listens("hooks", "a", "orders", "more")).isInstanceOf(FlowWrite.Made.class);
    assertThat(listens("hooks", "b", "other", "orders"))
        .isEqualTo(new FlowWrite.PathTaken("orders", "a"));
    assertThat(flows.get("hooks", "b")).isEmpty();
    assertThat(listens("elsewhere", "b", "orders")).isInstanceOf(FlowWrite.Made.class);

    flows.publishing().publish("hooks", "a", 1, next(META, version("1.0.1"), true, "more"));

    assertThat(listens("hooks", "b", "orders")).isInstanceOf(FlowWrite.Made.class);
    flows.routes().retire("hooks", "b", 1, "bob");
    assertThat(listens("hooks", "c", "orders")).isInstanceOf(FlowWrite.Made.class);
  }

  @Test
  void of_ten_flows_that_want_a_path_at_once_one_has_it() throws Exception {
    List<Callable<FlowWrite>> wishes =
        IntStream.range(0, 10)
            .mapToObj(i -> (Callable<FlowWrite>) () -> listens("race", "f" + i, "x", "y"))
            .toList();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      int made = 0;
      for (Future<FlowWrite> write : threads.invokeAll(wishes)) {
        made += write.get() instanceof FlowWrite.Made ? 1 : 0;
      }
      assertThat(made).isEqualTo(1);
    }
  }

  private static FlowWrite once(String key, String request, String flow) {
    byte[] hash = Commits.hash(request);
    return flows
        .publishing()
        .create(
            "keys",
            flow,
            next(META, version("1.0.0"), true),
            new FlowPublishing.Once(
                new Commit.IdempotencyKey("api:flows", key, hash, Duration.ofHours(1)),
                made -> "{\"flow\":\"" + made.flow() + "\"}"));
  }

  @Test
  void a_key_makes_a_flow_once_and_gives_the_same_answer_again() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<FlowWrite>> equal = Collections.nCopies(10, () -> once("k", "a", "a"));
      int made = 0;
      for (Future<FlowWrite> write : threads.invokeAll(equal)) {
        boolean first = write.get() instanceof FlowWrite.Made;
        made += first ? 1 : 0;
        assertThat(first || write.get().equals(new FlowWrite.Repeated("{\"flow\":\"a\"}")))
            .isTrue();
      }
      assertThat(made).isEqualTo(1);
    }
    assertThat(once("k", "b", "b")).isEqualTo(new FlowWrite.KeyReused());
    assertThat(flows.get("keys", "b")).isEmpty();
    assertThat(once("other", "a", "a")).as("the name is taken").isEqualTo(new FlowWrite.Refused());
    assertThat(once("other", "c", "c"))
        .as("a refusal uses no key")
        .isInstanceOf(FlowWrite.Made.class);
  }

  @Test
  void a_flow_is_made_with_its_first_version_once() {
    FlowRow made = create("once", "support", META, version("1.0.0"), true).orElseThrow();
    assertThat(made)
        .returns(1, FlowRow::revision)
        .returns("1.0.0", FlowRow::latest)
        .returns("1.0.0", FlowRow::stable)
        .returns(META, FlowRow::meta)
        .returns(null, FlowRow::draft)
        .returns("ann", FlowRow::updatedBy);
    assertThat(create("once", "support", META, version("2.0.0"), true)).isEmpty();
    assertThat(flows.get("once", "support")).contains(made);
    assertThat(flows.version("once", "support", "1.0.0").orElseThrow())
        .returns(1, FlowRow.Version::ordinal)
        .returns("hash of 1.0.0", FlowRow.Version::hash)
        .returns("{\"z\":1,\"a\":1}", FlowRow.Version::plan)
        .returns("flow: support # 1.0.0", FlowRow.Version::source)
        .returns("yaml", FlowRow.Version::format);
    assertThat(flows.version("once", "support", "2.0.0")).isEmpty();
  }

  @Test
  void publishing_bites_at_the_expected_revision_only() {
    create("publish", "f", META, version("1.0.0"), true);
    assertThat(publish("publish", "f", 7, META, version("1.0.1"), true)).isEmpty();
    assertThat(flows.version("publish", "f", "1.0.1")).isEmpty();
    assertThat(publish("publish", "f", 1, FlowRow.Meta.NONE, version("1.0.1"), false).orElseThrow())
        .returns(2, FlowRow::revision)
        .returns("1.0.1", FlowRow::latest)
        .returns("1.0.0", FlowRow::stable);
    assertThat(
            publish("publish", "f", FlowRows.ANY, META, version("1.0.2"), true)
                .orElseThrow()
                .stable())
        .isEqualTo("1.0.2");
    assertThat(flows.versions("publish", "f", Integer.MAX_VALUE, 2))
        .extracting(FlowRow.Version::version)
        .containsExactly("1.0.2", "1.0.1");
    assertThat(flows.versions("publish", "f", 2, 2))
        .extracting(FlowRow.Version::version)
        .containsExactly("1.0.0");
    assertThatThrownBy(() -> publish("publish", "f", 3, META, version("1.0.2"), true))
        .isInstanceOf(StoreException.class);
    assertThat(flows.get("publish", "f").orElseThrow().revision()).isEqualTo(3);
  }

  @Test
  void drafts_routes_and_retirement_each_raise_the_revision() {
    flows.publishing().createDraft("changes", "f", META, "flow: f", "ann", null);
    assertThat(flows.get("changes", "f").orElseThrow())
        .returns("flow: f", FlowRow::draft)
        .returns(null, FlowRow::latest);
    assertThat(flows.draft("changes", "f", 1, "flow: f # 2", "bob").orElseThrow().updatedBy())
        .isEqualTo("bob");
    assertThat(publish("changes", "f", 2, META, version("1.0.0"), true).orElseThrow().draft())
        .isNull();
    assertThat(made(route("changes", "f", 3, "1.0.0", "1.1.0")).orElseThrow().canary())
        .isEqualTo("{\"version\":\"1.1.0\",\"percent\":10}");
    assertThat(route("changes", "f", 3, "1.0.0", null)).isEqualTo(new FlowWrite.Refused());
    assertThat(flows.routes().retire("changes", "f", 4, "bob"))
        .isInstanceOfSatisfying(
            FlowRoutes.Retirement.Done.class,
            done ->
                assertThat(done.flow()).returns(null, FlowRow::canary).matches(FlowRow::isRetired));
    assertThat(search.find("changes", FlowSearch.Query.ALL, "", 10)).isEmpty();
    assertThat(create("changes", "f", META, version("1.0.0"), true)).isEmpty();
    assertThat(publish("changes", "f", 5, META, version("1.0.1"), true).orElseThrow().retiredAt())
        .isNull();
  }

  @Test
  void flows_are_found_by_text_category_tag_and_owner() {
    create("search", "support-calls", META, version("1.0.0"), true);
    create(
        "search",
        "billing",
        new FlowRow.Meta("Invoices", "", "finance", List.of("de"), "bob"),
        version("1.0.0"),
        true);
    assertThat(names(search("ANSWERS 100%", null, null, null))).containsExactly("support-calls");
    assertThat(names(search("PHONE", null, null, null))).containsExactly("support-calls");
    assertThat(names(search("supp CALL", null, null, null))).containsExactly("support-calls");
    assertThat(names(search("upport", null, null, null))).isEmpty();
    assertThat(names(search("%", null, null, null))).isEmpty();
    assertThat(names(search(null, "finance", null, null))).containsExactly("billing");
    assertThat(names(search(null, null, "de", null))).containsExactly("billing", "support-calls");
    assertThat(names(search(null, null, "de", "ann"))).containsExactly("support-calls");
    assertThat(search.find("search", FlowSearch.Query.ALL, "billing", 1))
        .extracting(FlowRow::flow)
        .containsExactly("support-calls");
  }

  private static List<String> names(FlowSearch.Query query) {
    return search.find("search", query, "", 100).stream().map(FlowRow::flow).toList();
  }

  @Test
  void another_tenants_flows_do_not_exist() {
    create("them", "secret", META, version("1.0.0"), true);
    assertThat(flows.get("us", "secret")).isEmpty();
    assertThat(flows.version("us", "secret", "1.0.0")).isEmpty();
    assertThat(flows.draft("us", "secret", FlowRows.ANY, "x", "eve")).isEmpty();
    assertThat(create("us", "secret", META, version("1.0.0"), true)).isPresent();
  }

  @Test
  void definitions_keep_every_revision() {
    assertThat(
            adapters
                .put("t", "stripe", 0, "{\"b\":1,\"a\":2}", "adapter: stripe", "ann")
                .orElseThrow())
        .returns(1, Definition::revision)
        .returns("{\"b\":1,\"a\":2}", Definition::definition)
        .returns("ann", Definition::updatedBy);
    assertThat(adapters.put("t", "stripe", 0, "{}", null, "bob")).isEmpty();
    assertThat(adapters.put("t", "stripe", 1, "{}", null, "bob").orElseThrow().revision())
        .isEqualTo(2);
    assertThat(adapters.get("t", "stripe", 1).orElseThrow().source()).isEqualTo("adapter: stripe");
    assertThat(adapters.get("t", "stripe").orElseThrow().definition()).isEqualTo("{}");
    adapters.put("t", "n8n", 0, "{}", null, "ann");
    assertThat(adapters.list("t", "", 10))
        .extracting(Definition::name)
        .containsExactly("n8n", "stripe");
    assertThat(adapters.delete("t", "stripe", 2, "ann").orElseThrow().isDeleted()).isTrue();
    assertThat(adapters.list("t", "", 10)).extracting(Definition::name).containsExactly("n8n");
    assertThat(adapters.put("t", "stripe", 3, "{}", null, "ann").orElseThrow().revision())
        .isEqualTo(4);
    assertThat(adapters.get("other", "stripe")).isEmpty();
    assertThat(steps.get("t", "stripe")).isEmpty();
    assertThat(steps.put("t", "greet", 0, "{}", null, "ann")).isPresent();
  }
}
