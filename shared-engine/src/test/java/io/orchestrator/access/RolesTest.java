package io.orchestrator.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which permissions the roles of a token stand for. */
class RolesTest {
  @Test
  void a_role_grants_what_the_deployment_says_and_an_unknown_one_nothing() {
    Roles roles =
        Roles.parse(
            "support = flow:read flow:execute:support-* ;\n realm/operator=flow:admin,flow:read;");
    assertThat(roles.of(List.of("support", "cook")))
        .hasToString("[flow:read, flow:execute:support-*]");
    assertThat(roles.of(List.of("realm/operator", "support"))).hasSize(4);
    assertThat(roles.of(List.of("Support"))).isEmpty();
    assertThat(Roles.parse("").of(List.of("support"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          support,                             is not: role=permission
          =flow:read,                          is not: role=permission
          a b=flow:read,                       is not: role=permission
          support=,                            grants no permission
          support=flow:raed,                   grants no permission 'flow:raed'
          support=flow:read:Support*x,         grants no permission
          a=flow:read;a=flow:admin,            twice
          """)
  void a_mistake_is_told_when_the_deployment_starts(String text, String why) {
    assertThatThrownBy(() -> Roles.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }
}
