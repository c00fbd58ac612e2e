package io.orchestrator.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The flows that must be read exactly as they are written. */
class SeedFlowsTest {
  @Test
  void a_webhook_trigger_as_a_text_has_the_path_of_the_flow() {
    Flow flow =
        FlowReader.read(
            Document.read(Examples.text("customer-support"), new Problems()), new Problems());
    assertThat(flow.triggers())
        .singleElement()
        .isInstanceOfSatisfying(
            Trigger.Webhook.class,
            webhook -> {
              assertThat(webhook.path()).isEqualTo("customer-support");
              assertThat(webhook.open()).isFalse();
            });
  }

  @Test
  void calls_have_their_adapter_action_and_params() {
    Plan plan = plan("customer-support");
    assertThat(calls(plan))
        .containsExactly(
            "authenticate_user iam.verify_token null",
            "load_prompt prompt_service.get_template {templateId=support-agent-v1}",
            "send_to_retell retell.start_call null");
  }

  @Test
  void a_step_with_a_bare_name_as_body_keeps_its_own_id() {
    assertThat(calls(plan("onboarding")))
        .containsExactly(
            "step1 authenticate.run null",
            "step2 create_account.run null",
            "step3 send_welcome_email.run null");
  }

  @Test
  void a_kind_that_stands_alone_gets_an_id_and_its_branches_stand_below() {
    Plan plan = plan("multi-channel-notify");
    assertThat(plan.at("parallel_1").kind()).isInstanceOf(Kind.Parallel.class);
    assertThat(paths(plan.steps()))
        .containsExactly(
            "parallel_1", "parallel_1/send_email", "parallel_1/send_sms", "parallel_1/update_crm");
    assertThat(plan.at("parallel_1/send_sms").place())
        .isEqualTo(new Place("parallel_1", Place.Slot.BRANCH, 0, 1));
    assertThat(plan.next(plan.at("parallel_1/send_email")).id()).isEqualTo("send_sms");
  }

  @Test
  void a_conditional_keeps_its_condition_and_both_branches() {
    Plan plan = plan("support-routing");
    Kind.Conditional conditional = (Kind.Conditional) plan.at("conditional_1").kind();
    assertThat(conditional.condition().text()).isEqualTo("$classify_issue.category == 'billing'");
    assertThat(plan.at("conditional_1/route_to_finance").place())
        .isEqualTo(new Place("conditional_1", Place.Slot.SEQUENCE, 0, 0));
    assertThat(plan.at("conditional_1/route_to_support").place())
        .isEqualTo(new Place("conditional_1", Place.Slot.SEQUENCE, 1, 0));
    assertThat(calls(plan).getFirst()).isEqualTo("classify_issue ai.classify null");
  }

  @Test
  void a_retry_and_handlers_stand_at_their_step() {
    Plan plan = plan("payment-processing");
    Common common = plan.at("charge_card").common();
    assertThat(common.retry())
        .isEqualTo(
            new Retry(
                3,
                Retry.Backoff.EXPONENTIAL,
                List.of(),
                new TimeSpan.Fixed(Duration.ofSeconds(1)),
                2,
                null,
                Retry.Jitter.FULL,
                List.of(),
                List.of(),
                null,
                true));
    Handlers.Clause clause = common.onError().clauses().getFirst();
    assertThat(clause.then()).isEqualTo(Handlers.Then.FAIL);
    assertThat(clause.types()).isEmpty();
    assertThat(clause.steps().stream().map(Step::path))
        .containsExactly(
            "charge_card/log_failure",
            "charge_card/notify_admin",
            "charge_card/fallback_to_manual");
    assertThat(plan.block(plan.at("charge_card/notify_admin"))).isEqualTo(clause.steps());
  }

  @ParameterizedTest
  @MethodSource("io.orchestrator.flow.Examples#seed")
  void the_stored_text_and_bindings_give_the_same_plan(String name) {
    Compiled compiled = compiled(name);
    Plan again = Compiler.recompile(Examples.text(name), compiled.bindings(), "1.0.0");
    assertThat(again.hash()).isEqualTo(compiled.plan().hash()).matches("[0-9a-f]{64}");
    assertThat(paths(again.steps())).isEqualTo(paths(compiled.plan().steps()));
    assertThat(calls(again)).isEqualTo(calls(compiled.plan()));
  }

  private static Plan plan(String name) {
    return compiled(name).plan();
  }

  private static Compiled compiled(String name) {
    Problems problems = new Problems();
    Flow flow = FlowReader.read(Document.read(Examples.text(name), problems), problems);
    Compiled compiled = Compiler.compile(flow, Examples.NAMES, "1.0.0", problems);
    assertThat(problems.errors()).isEmpty();
    return compiled;
  }

  private static List<String> calls(Plan plan) {
    List<String> calls = new ArrayList<>();
    for (Step step : plan.steps()) {
      if (step.kind() instanceof Kind.Call call) {
        Object params = call.params() == null ? null : call.params().data();
        calls.add(step.id() + " " + call.adapter() + "." + call.action() + " " + params);
      }
    }
    return calls;
  }

  private static List<String> paths(List<Step> steps) {
    List<String> paths = new ArrayList<>();
    for (Step step : steps) {
      paths.add(step.path());
      step.kind().blocks().forEach(block -> paths.addAll(paths(block)));
      step.common().onError().clauses().forEach(clause -> paths.addAll(paths(clause.steps())));
    }
    return paths;
  }
}
