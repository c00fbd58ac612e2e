package io.orchestrator.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.access.Permission.Action;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PermissionTest {
  private static Caller caller(String... permissions) {
    return new Caller(
        "acme",
        "ada",
        List.of(permissions).stream().map(p -> Permission.parse(p).orElseThrow()).toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "flow",
        "flow:",
        "flow:write",
        "flow:READ",
        "Flow:read",
        "flow:read:",
        "flow:read:*a",
        "flow:read:a*b",
        "flow:read:**",
        "flow:read:A",
        "flow:readx",
        "flow:*",
        "*",
        " flow:read",
        "flow:read:../x",
        "openid"
      })
  void what_is_not_a_permission_grants_nothing(String text) {
    assertThat(Permission.parse(text)).isEmpty();
  }

  @Test
  void a_permission_for_named_flows_is_not_one_for_all() {
    Caller caller = caller("flow:execute:support-*", "flow:read:billing");
    assertThat(caller.may(Action.EXECUTE, "support-")).isTrue();
    assertThat(caller.may(Action.EXECUTE, "support")).isFalse();
    assertThat(caller.may(Action.READ, "billing")).isTrue();
    assertThat(caller.may(Action.READ, "billing2")).isFalse();
    assertThat(caller.may(Action.READ)).isFalse();
    assertThat(caller.mayForSome(Action.READ)).isTrue();
    assertThat(caller.mayForSome(Action.DELETE)).isFalse();
  }

  @Test
  void admin_implies_every_action_within_its_flows() {
    for (Action action : Action.values()) {
      assertThat(caller("flow:admin").may(action)).isTrue();
      assertThat(caller("flow:admin:a-*").may(action, "a-b")).isTrue();
      assertThat(caller("flow:admin:a-*").may(action, "b")).isFalse();
    }
  }

  @Test
  void a_permission_is_written_as_it_was_read() {
    for (String text : List.of("flow:admin", "flow:execute:support-*", "flow:read:billing")) {
      assertThat(Permission.parse(text).orElseThrow()).hasToString(text);
    }
    assertThat(Permission.parse("flow:read:*").orElseThrow()).hasToString("flow:read");
  }
}
