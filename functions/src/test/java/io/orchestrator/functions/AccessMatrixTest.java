package io.orchestrator.functions;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.functions.AccessMatrix.Reach;
import io.orchestrator.functions.TestStack.Answer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every route, asked by everybody: what is not granted is denied. */
class AccessMatrixTest {
  private static final List<String> PERMISSIONS =
      List.of(
          "flow:read", "flow:create", "flow:update", "flow:delete", "flow:execute", "flow:admin");
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static TestStack stack;

  @BeforeAll
  static void start() throws Exception {
    stack = new TestStack();
    stack.call(
        stack.admin(),
        "PUT",
        "/adapters/greeter",
        "{\"adapter\": \"greeter\", \"type\": \"sandbox\", \"actions\": {\"a\": {}}}");
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  // -- what is there to be asked for

  /** A flow of acme with an execution that waits for a decision. */
  private record Scene(
      String flow, String fresh, String execution, String approval, String order) {
    static Scene begun() {
      String flow = "scene" + NUMBER.incrementAndGet() + "-support";
      stack.publish(
          """
          flow: %s
          trigger: webhook.received
          steps:
            - parallel:
                - go: {await: {signal: go}}
                - ask: {approve: {title: Pay, to: [role:boss]}}
          """
              .formatted(flow));
      String execution = stack.execute(flow, "{}");
      stack.settle();
      String approval =
          text(
              "select approval from waits where kind = 'approval' and execution = '%s'", execution);
      return new Scene(flow, flow.replace("scene", "fresh"), execution, approval, order(flow));
    }

    private static String order(String flow) {
      String body = "{\"action\": \"retry\", \"query\": {\"flow\": \"" + flow + "\"}}";
      Answer answer = stack.call(stack.admin(), "POST", "/executions/bulk", body);
      return (String) answer.json().get("id");
    }

    String path(Route route) {
      boolean bulk = route.template().startsWith("/executions/bulk/");
      String id = route.template().startsWith("/approvals") ? approval : execution;
      String name = route.template().startsWith("/executions") ? "go" : "greeter";
      return route
          .template()
          .replace("{flow}", flow)
          .replace("{id}", bulk ? order : id)
          .replace("{name}", name)
          .replace("{version}", "1.0.0")
          .replace("{step}", "go")
          .replace("{template}", flow)
          .replace("{tenant}", "acme")
          .replace("{path}", flow)
          .replace("{token}", "nobodys");
    }

    String body(Route route) {
      String body = row(route).body();
      return body == null
          ? null
          : body.replace("FLOW", flow).replace("NEW", fresh).replace("EXECUTION", execution);
    }

    Answer ask(Route route, String token) {
      return stack.ask(route, token, path(route), body(route));
    }
  }

  private static AccessMatrix row(Route route) {
    assertThat(AccessMatrix.ROWS)
        .as("%s has no row in AccessMatrix: say there who may use it", route)
        .containsKey(route);
    return AccessMatrix.ROWS.get(route);
  }

  private static Stream<Route> routes(Reach... reaches) {
    return Arrays.stream(Route.values())
        .filter(route -> Arrays.asList(reaches).contains(row(route).reach()));
  }

  static Stream<Route> withToken() {
    return routes(Reach.FLOW, Reach.SOME, Reach.ALL, Reach.CALLER, Reach.OTHERWISE);
  }

  static Stream<Route> withPermission() {
    return routes(Reach.FLOW, Reach.SOME, Reach.ALL);
  }

  static Stream<Route> aboutOneFlow() {
    return routes(Reach.FLOW);
  }

  static Stream<Route> open() {
    return routes(Reach.OPEN);
  }

  private static void isRefused(Answer answer, int status, String code, Object about) {
    assertThat(answer.status()).as("%s: %s", about, answer.body()).isEqualTo(status);
    assertThat(answer.code()).as("%s", about).isEqualTo(code);
  }

  private static void isLetIn(Answer answer, Object about) {
    assertThat(answer.status()).as("%s: %s", about, answer.body()).isNotIn(401, 403);
    assertThat(answer.status()).as("%s: %s", about, answer.body()).isLessThan(500);
  }

  // -- the table

  @ParameterizedTest
  @EnumSource(Route.class)
  void every_route_has_a_row_and_asks_for_what_the_row_says(Route route) {
    AccessMatrix row = row(route);
    assertThat(route.guard())
        .isEqualTo(
            switch (row.reach()) {
              case FLOW, SOME, ALL -> Route.Guard.PERMISSION;
              case CALLER -> Route.Guard.TOKEN;
              case OTHERWISE -> Route.Guard.OTHERWISE;
              case OPEN -> Route.Guard.NOTHING;
            });
    if (route.guard() == Route.Guard.PERMISSION) {
      assertThat(route.permission().text()).isEqualTo(row.permission());
    }
  }

  // -- tokens

  @ParameterizedTest
  @MethodSource("withToken")
  void nobody_comes_in_without_a_good_token(Route route) {
    Scene scene = Scene.begun();
    Answer nobody = scene.ask(route, null);
    isRefused(nobody, 401, "unauthorized", route);
    assertThat(nobody.headers()).containsEntry("www-authenticate", "Bearer realm=\"orchestrator\"");
    assertThat(nobody.json()).containsEntry("iam_url", "https://iam.test/login");
    Map<String, String> bad =
        Map.of(
            "rubbish",
            "rubbish",
            "a changed signature",
            stack.admin() + "x",
            "expired",
            stack.issuer.token("acme", Instant.now().minusSeconds(300), "flow:admin"),
            "another audience",
            stack.issuer.tokenFor("another-api", "acme", "flow:admin"));
    bad.forEach(
        (what, token) -> {
          Answer answer = scene.ask(route, token);
          isRefused(answer, 401, "unauthorized", route + " with a token that is " + what);
          assertThat(answer.headers().get("www-authenticate")).contains("error=\"invalid_token\"");
        });
  }

  @ParameterizedTest
  @MethodSource("open")
  void what_is_open_asks_nobody(Route route) {
    Scene scene = Scene.begun();
    isLetIn(scene.ask(route, null), route);
    isLetIn(scene.ask(route, "rubbish"), route);
  }

  // -- permissions

  @ParameterizedTest
  @MethodSource("withPermission")
  void only_its_own_permission_opens_a_route(Route route) {
    Scene scene = Scene.begun();
    for (String permission : PERMISSIONS) {
      Answer answer = scene.ask(route, stack.token(permission));
      if (permission.equals(row(route).permission()) || permission.equals("flow:admin")) {
        isLetIn(answer, route + " with " + permission);
      } else {
        isRefused(answer, 403, "forbidden", route + " with " + permission);
        assertThat((String) answer.json().get("permission")).startsWith(row(route).permission());
      }
    }
    isRefused(scene.ask(route, stack.token()), 403, "forbidden", route + " with none");
    isRefused(scene.ask(route, stack.token("flow:everything")), 403, "forbidden", route);
  }

  @ParameterizedTest
  @MethodSource("withPermission")
  void a_permission_by_name_opens_what_it_names(Route route) {
    Scene scene = Scene.begun();
    String begin = scene.flow().substring(0, scene.flow().indexOf('-') + 1);
    String permission = row(route).permission();
    String named =
        stack.token(
            permission + ":" + begin + "*",
            permission + ":" + begin.replace("scene", "fresh") + "*");
    if (row(route).reach() == Reach.ALL) {
      isRefused(scene.ask(route, named), 403, "forbidden", route + " for the flow by name");
    } else {
      isLetIn(scene.ask(route, named), route + " for the flow by name");
    }
  }

  @ParameterizedTest
  @MethodSource("aboutOneFlow")
  void a_permission_for_another_flow_is_none_for_this_one(Route route) {
    Scene scene = Scene.begun();
    String permission = row(route).permission();
    String other = stack.token(permission + ":billing-*", permission + ":scene");
    isRefused(scene.ask(route, other), 403, "forbidden", route + " for other flows");
  }

  @ParameterizedTest
  @EnumSource(Route.class)
  void nothing_of_a_flow_that_one_may_not_see_is_shown(Route route) {
    if (row(route).reach() == Reach.SOME) {
      Scene scene = Scene.begun();
      Answer answer = scene.ask(route, stack.token(row(route).permission() + ":billing-*"));
      isLetIn(answer, route);
      assertThat(answer.body()).doesNotContain(scene.flow(), scene.execution());
    }
  }

  // -- tenants

  @ParameterizedTest
  @MethodSource("withToken")
  void another_tenant_finds_nothing_and_changes_nothing(Route route) {
    Scene scene = Scene.begun();
    String before = belongings();
    Answer answer = scene.ask(route, stack.issuer.token("globex", "flow:admin"));
    boolean names = route.template().contains("{");
    boolean makes = row(route).reach() == Reach.ALL || route == Route.PUBLISH_FLOW;
    if (names && !makes && route != Route.UPDATE_FLOW) {
      isRefused(answer, 404, "not_found", route + " of another tenant");
    } else {
      isLetIn(answer, route);
    }
    assertThat(answer.body()).doesNotContain("\"acme\"");
    if (route != Route.UPDATE_FLOW) {
      assertThat(without(answer.body(), scene.path(route))).doesNotContain(scene.execution());
    }
    assertThat(belongings()).as("what acme has, after %s", route).isEqualTo(before);
  }

  /** An answer may repeat what was asked for. */
  private static String without(String body, String path) {
    String text = body;
    for (String part : path.split("/", -1)) {
      text = part.isEmpty() ? text : text.replace(part, "");
    }
    return text;
  }

  /** A fingerprint of everything that acme has. */
  private static String belongings() {
    List<String> all = new ArrayList<>();
    for (String table : List.of("flows", "flow_versions", "executions", "adapters", "steps")) {
      all.add(
          text(
              "select md5(string_agg(t::text, ',' order by t::text)) from %s t where tenant ="
                  + " 'acme'",
              table));
    }
    return String.join(", ", all);
  }

  private static String text(String sql, Object about) {
    try (Connection connection = stack.database.owner().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql.formatted(about))) {
      rows.next();
      return String.valueOf(rows.getString(1));
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  // -- what is not there

  @ParameterizedTest
  @MethodSource("withToken")
  void an_unknown_name_is_404_for_whoever_may(Route route) {
    boolean makes = route.method().equals("PUT") || row(route).reach() == Reach.ALL;
    if (route.template().contains("{") && !makes) {
      Scene nothing =
          new Scene(
              "no-such",
              "no-new",
              UUID.randomUUID().toString(),
              UUID.randomUUID().toString(),
              UUID.randomUUID().toString());
      Answer answer =
          stack.ask(
              route,
              stack.admin(),
              nothing.path(route).replace("greeter", "no-such"),
              nothing.body(route));
      isRefused(answer, 404, "not_found", route + " of nothing");
    }
  }
}
