package io.orchestrator.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orchestrator.engine.RepairOutcome;
import io.orchestrator.engine.Start;
import io.orchestrator.engine.StartRequest;
import io.orchestrator.execution.Execution;
import io.orchestrator.execution.Settlement;
import io.orchestrator.store.FlowRow;
import io.orchestrator.store.FlowRows;
import io.orchestrator.testing.FoldsBack;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the language says of versions, routes and A/B, sentence by sentence, on a real database. */
class SectionSixTest {
  @RegisterExtension private static final FoldsBack FOLDS_BACK = new FoldsBack();

  private static final String TENANT = CatalogOnADatabase.TENANT;
  private static CatalogOnADatabase product;

  @BeforeAll
  static void open() {
    product = new CatalogOnADatabase(FOLDS_BACK.database());
  }

  @AfterAll
  static void close() {
    product.close();
  }

  private static String text(String flow, int number) {
    return """
    flow: %s
    steps:
      - wait_for_it: {await: {callback: true, timeout: 1h}}
    output: {version: $flow.version, number: %d}
    """
        .formatted(flow, number);
  }

  private static Publication.Done made(Publication publication) {
    assertThat(publication).isInstanceOf(Publication.Done.class);
    return (Publication.Done) publication;
  }

  /** The flow with versions 1.0.0 and 1.0.1, the latter the one that starts take. */
  private static void two(String flow) {
    made(product.create(text(flow, 0)));
    made(product.update(flow, text(flow, 1), true));
  }

  private static List<String> versions(String flow) {
    return product.catalog().versions(TENANT, flow, Integer.MAX_VALUE, 100).stream()
        .map(FlowRow.Version::version)
        .toList();
  }

  private static FlowRow row(String flow) {
    return product.catalog().get(TENANT, flow).orElseThrow();
  }

  private static FlowRow routed(String flow, String route) {
    Routes.Change change =
        product
            .catalog()
            .routes()
            .set(TENANT, flow, FlowRows.ANY, route.getBytes(StandardCharsets.UTF_8), "ann");
    assertThat(change).isInstanceOf(Routes.Change.Done.class);
    return ((Routes.Change.Done) change).flow();
  }

  /** As a process decides that has just begun. */
  private static String version(String flow, String customer) {
    StartRequest start =
        new StartRequest(TENANT, flow, null, Map.of("customer", customer), null, null);
    return product.ofEngine().version(start, UUID.randomUUID()).orElseThrow();
  }

  @Test
  void a_published_version_is_immutable_text_plan_and_hash() {
    two("immutable");
    FlowRow.Version before = product.catalog().text(TENANT, "immutable", "1.0.0").orElseThrow();
    made(product.update("immutable", text("immutable", 2), true));
    assertThat(product.catalog().text(TENANT, "immutable", "1.0.0").orElseThrow())
        .returns(before.source(), FlowRow.Version::source)
        .returns(before.plan(), FlowRow.Version::plan)
        .returns(before.hash(), FlowRow.Version::hash)
        .returns(before.publishedAt(), FlowRow.Version::publishedAt);
    assertThat(before.source()).isEqualTo(text("immutable", 0));
    for (String change :
        List.of(
            "update flow_versions set source = 'x' where flow = 'immutable'",
            "delete from flow_versions where flow = 'immutable'")) {
      assertThatThrownBy(() -> FOLDS_BACK.database().execute(change))
          .rootCause()
          .hasMessageContaining("a published version does not change");
    }
  }

  @Test
  void names_are_frozen_in_it() {
    made(product.create("flow: inner-one\nsteps: [{a: {return: 1}}]"));
    made(product.create("flow: outer-one\nsteps: [inner-one]"));
    String bound = product.catalog().text(TENANT, "outer-one", "1.0.0").orElseThrow().plan();
    assertThat(bound).contains("inner-one");
    made(product.update("outer-one", "flow: outer-one\nsteps: [{x: {set: {y: 1}}}]", true));
    assertThat(product.catalog().text(TENANT, "outer-one", "1.0.0").orElseThrow().plan())
        .isEqualTo(bound);
    assertThat(product.catalog().plan(TENANT, "outer-one", "1.0.0").orElseThrow().hash())
        .isEqualTo(product.ofEngine().plan(TENANT, "outer-one", "1.0.0").orElseThrow().hash());
  }

  @Test
  void running_executions_stay_on_theirs() {
    made(product.create(text("staying", 0)));
    Start start =
        product.engine().start(new StartRequest(TENANT, "staying", null, Map.of(), null, null));
    UUID id = ((Start.Accepted) start).id();
    made(product.update("staying", text("staying", 1), true));
    assertThat(
            product
                .engine()
                .operator(TENANT, "ann")
                .settle(id, "wait_for_it", new Settlement.Completed(Map.of())))
        .isInstanceOf(RepairOutcome.Done.class);
    Execution ended = product.engine().find(TENANT, id).orElseThrow().execution();
    assertThat(ended.output()).isEqualTo(Map.of("version", "1.0.0", "number", 0L));
    assertThat(version("staying", "c")).isEqualTo("1.0.1");
  }

  @Test
  void a_publish_moves_the_stable_version_to_itself() {
    two("moving");
    assertThat(row("moving")).returns("1.0.1", FlowRow::stable).returns("1.0.1", FlowRow::latest);
  }

  @Test
  void unless_it_is_not_to_be_activated() {
    made(product.create(text("passive", 0)));
    made(product.update("passive", text("passive", 1), false));
    assertThat(row("passive")).returns("1.0.0", FlowRow::stable).returns("1.0.1", FlowRow::latest);
  }

  @Test
  void or_a_canary_is_set() {
    two("tried");
    routed(
        "tried", "{\"stable\": \"1.0.0\", \"canary\": {\"version\": \"1.0.1\", \"percent\": 10}}");
    made(product.update("tried", text("tried", 2), true));
    assertThat(row("tried")).returns("1.0.0", FlowRow::stable).returns("1.0.2", FlowRow::latest);
    assertThat(row("tried").canary()).contains("1.0.1");
  }

  @Test
  void the_same_hash_again_is_no_new_version_also_in_other_words() {
    two("same");
    String json =
        """
        {"flow": "same", "steps": [{"wait_for_it": {"await": {"callback": true, "timeout": "1h"}}}],
         "output": {"version": "$flow.version", "number": 1}}
        """;
    String spaced = "# said again\n" + text("same", 1).replace("steps:", "steps:   # only one");
    for (String again : List.of(text("same", 1), spaced, json)) {
      assertThat(product.update("same", again, true))
          .isInstanceOfSatisfying(
              Publication.Same.class, same -> assertThat(same.version()).isEqualTo("1.0.1"));
    }
    assertThat(versions("same")).containsExactly("1.0.1", "1.0.0");
    made(product.update("same", text("same", 0), true));
    assertThat(versions("same")).as("what was there before the latest is new").hasSize(3);
  }

  @Test
  void an_explicit_version_must_be_above_the_latest() {
    made(product.create("version: 2.1.0\n" + text("explicit", 0)));
    for (String low : List.of("2.1.0", "2.0.9", "1.9.9", "2.1.0-rc.1")) {
      assertThat(product.update("explicit", "version: " + low + "\n" + text("explicit", 1), true))
          .as(low)
          .isEqualTo(new Publication.VersionNotAbove(low, "2.1.0"));
    }
    assertThat(made(product.update("explicit", text("explicit", 1), true)).version())
        .isEqualTo("2.1.1");
    String next = "version: 3.0.0\n" + text("explicit", 2);
    assertThat(made(product.update("explicit", next, true)).version()).isEqualTo("3.0.0");
    assertThat(versions("explicit")).containsExactly("3.0.0", "2.1.1", "2.1.0");
  }

  @Test
  void the_same_key_always_gets_the_same_version() {
    two("sticky");
    String canary =
        "{\"stable\": \"1.0.0\", \"canary\": {\"version\": \"1.0.1\", \"percent\": %d, \"key\":"
            + " \"$input.customer\"}}";
    routed("sticky", canary.formatted(30));
    Map<String, String> first = new LinkedHashMap<>();
    for (int i = 0; i < 40; i++) {
      first.put("c" + i, version("sticky", "c" + i));
    }
    assertThat(first.values()).contains("1.0.0", "1.0.1");
    first.forEach(
        (customer, version) -> assertThat(version("sticky", customer)).isEqualTo(version));
    routed("sticky", canary.formatted(60));
    first.forEach(
        (customer, version) -> {
          if (version.equals("1.0.1")) {
            assertThat(version("sticky", customer))
                .as("a larger share keeps it")
                .isEqualTo(version);
          }
        });
  }

  @Test
  void a_route_has_a_canary_with_a_percent_a_key_and_a_guard() {
    two("whole");
    FlowRow row =
        routed(
            "whole",
            "{\"stable\": \"1.0.0\", \"canary\": {\"version\": \"1.0.1\", \"percent\": 10, \"key\":"
                + " \"$input.customer\", \"rollback\": {\"error_rate\": \"5%\", \"min_runs\":"
                + " 100}}}");
    assertThat(row.stable()).isEqualTo("1.0.0");
    assertThat(product.catalog().trials().latest(TENANT, "whole").orElseThrow())
        .returns("1.0.1", trial -> trial.version())
        .returns(new BigDecimal("0.05"), trial -> trial.errorRate())
        .returns(100, trial -> trial.minRuns());
  }

  @Test
  void rolling_back_is_one_call() {
    two("back");
    Routes routes = product.catalog().routes();
    assertThat(routes.rollback(TENANT, "back", FlowRows.ANY, null, "ann"))
        .isInstanceOf(Routes.Change.Done.class);
    assertThat(row("back").stable()).isEqualTo("1.0.0");
    assertThat(version("back", "c")).isEqualTo("1.0.0");
    assertThat(versions("back")).as("nothing is lost").containsExactly("1.0.1", "1.0.0");
    routed(
        "back", "{\"stable\": \"1.0.0\", \"canary\": {\"version\": \"1.0.1\", \"percent\": 50}}");
    assertThat(routes.rollback(TENANT, "back", FlowRows.ANY, null, "ann"))
        .isInstanceOf(Routes.Change.Done.class);
    assertThat(row("back")).returns("1.0.0", FlowRow::stable).returns(null, FlowRow::canary);
    assertThat(routes.rollback(TENANT, "back", FlowRows.ANY, "1.0.1", "ann"))
        .isInstanceOf(Routes.Change.Done.class);
    assertThat(row("back").stable()).isEqualTo("1.0.1");
  }
}
