package io.orchestrator.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orchestrator.testing.TestDatabase;
import java.util.List;
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
  private static AdapterRows adapters;
  private static StepRows steps;

  @BeforeAll
  static void open() {
    database = TestDatabase.create();
    var api = database.api();
    flows = new FlowRows(api);
    adapters = new AdapterRows(api);
    steps = new StepRows(api);
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

  private static FlowRows.Query search(String text, String category, String tag, String owner) {
    return new FlowRows.Query(text, category, tag, owner, "", 100);
  }

  @Test
  void a_flow_is_made_with_its_first_version_once() {
    FlowRow made = flows.create("once", "support", META, version("1.0.0"), true).orElseThrow();
    assertThat(made)
        .returns(1, FlowRow::revision)
        .returns("1.0.0", FlowRow::latest)
        .returns("1.0.0", FlowRow::stable)
        .returns(META, FlowRow::meta)
        .returns(null, FlowRow::draft)
        .returns("ann", FlowRow::updatedBy);
    assertThat(flows.create("once", "support", META, version("2.0.0"), true)).isEmpty();
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
    flows.create("publish", "f", META, version("1.0.0"), true);
    assertThat(flows.publish("publish", "f", 7, META, version("1.0.1"), true)).isEmpty();
    assertThat(flows.version("publish", "f", "1.0.1")).isEmpty();
    assertThat(
            flows
                .publish("publish", "f", 1, FlowRow.Meta.NONE, version("1.0.1"), false)
                .orElseThrow())
        .returns(2, FlowRow::revision)
        .returns("1.0.1", FlowRow::latest)
        .returns("1.0.0", FlowRow::stable);
    assertThat(
            flows
                .publish("publish", "f", FlowRows.ANY, META, version("1.0.2"), true)
                .orElseThrow()
                .stable())
        .isEqualTo("1.0.2");
    assertThat(flows.versions("publish", "f", Integer.MAX_VALUE, 2))
        .extracting(FlowRow.Version::version)
        .containsExactly("1.0.2", "1.0.1");
    assertThat(flows.versions("publish", "f", 2, 2))
        .extracting(FlowRow.Version::version)
        .containsExactly("1.0.0");
    assertThatThrownBy(() -> flows.publish("publish", "f", 3, META, version("1.0.2"), true))
        .isInstanceOf(StoreException.class);
    assertThat(flows.get("publish", "f").orElseThrow().revision()).isEqualTo(3);
  }

  @Test
  void drafts_routes_and_retirement_each_raise_the_revision() {
    flows.createDraft("changes", "f", META, "flow: f", "ann");
    assertThat(flows.get("changes", "f").orElseThrow())
        .returns("flow: f", FlowRow::draft)
        .returns(null, FlowRow::latest);
    assertThat(flows.draft("changes", "f", 1, "flow: f # 2", "bob").orElseThrow().updatedBy())
        .isEqualTo("bob");
    assertThat(flows.publish("changes", "f", 2, META, version("1.0.0"), true).orElseThrow().draft())
        .isNull();
    String canary = "{\"version\":\"1.1.0\",\"percent\":10}";
    assertThat(flows.route("changes", "f", 3, "1.0.0", canary, "bob").orElseThrow().canary())
        .isEqualTo(canary);
    assertThat(flows.route("changes", "f", 3, "1.0.0", null, "bob")).isEmpty();
    assertThat(flows.retire("changes", "f", 4, "bob").orElseThrow().retiredAt()).isNotNull();
    assertThat(flows.search("changes", search(null, null, null, null))).isEmpty();
    assertThat(flows.create("changes", "f", META, version("1.0.0"), true)).isEmpty();
    assertThat(
            flows
                .publish("changes", "f", 5, META, version("1.0.1"), true)
                .orElseThrow()
                .retiredAt())
        .isNull();
  }

  @Test
  void flows_are_found_by_text_category_tag_and_owner() {
    flows.create("search", "support-calls", META, version("1.0.0"), true);
    flows.create(
        "search",
        "billing",
        new FlowRow.Meta("Invoices", "", "finance", List.of("de"), "bob"),
        version("1.0.0"),
        true);
    assertThat(names(search("ANSWERS 100%", null, null, null))).containsExactly("support-calls");
    assertThat(names(search("PHONE", null, null, null))).containsExactly("support-calls");
    assertThat(names(search("support_calls", null, null, null))).isEmpty();
    assertThat(names(search(null, "finance", null, null))).containsExactly("billing");
    assertThat(names(search(null, null, "de", null))).containsExactly("billing", "support-calls");
    assertThat(names(search(null, null, "de", "ann"))).containsExactly("support-calls");
    assertThat(names(new FlowRows.Query(null, null, null, null, "billing", 1)))
        .containsExactly("support-calls");
  }

  private static List<String> names(FlowRows.Query query) {
    return flows.search("search", query).stream().map(FlowRow::flow).toList();
  }

  @Test
  void another_tenants_flows_do_not_exist() {
    flows.create("them", "secret", META, version("1.0.0"), true);
    assertThat(flows.get("us", "secret")).isEmpty();
    assertThat(flows.version("us", "secret", "1.0.0")).isEmpty();
    assertThat(flows.draft("us", "secret", FlowRows.ANY, "x", "eve")).isEmpty();
    assertThat(flows.create("us", "secret", META, version("1.0.0"), true)).isPresent();
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
