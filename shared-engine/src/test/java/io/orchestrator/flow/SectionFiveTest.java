package io.orchestrator.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is checked of triggers when a flow is published. */
class SectionFiveTest {
  private static FlowValidation read(String triggers) {
    return FlowValidation.validate(
        "flow: f\ntriggers:\n  - " + triggers + "\nsteps: [ai]", Examples.NAMES);
  }

  private static List<String> codes(String triggers) {
    return read(triggers).errors().stream().map(Problem::code).toList();
  }

  @Test
  void a_webhook_has_a_path_a_filter_a_dedupe_and_an_input() {
    String text =
        "webhook: {path: orders, filter: $trigger.body.type == 'order.created', dedupe:"
            + " \"$trigger.headers['x-event-id']\", input: $trigger.body.order}";
    assertThat(codes(text)).isEmpty();
    Trigger.Webhook webhook = (Trigger.Webhook) read(text).flow().triggers().getFirst();
    assertThat(webhook.path()).isEqualTo("orders");
    assertThat(webhook.filter().expression().text())
        .isEqualTo("$trigger.body.type == 'order.created'");
    assertThat(((Trigger.Webhook) read("webhook: {}").flow().triggers().getFirst()).path())
        .isEqualTo("f");
  }

  @Test
  void one_that_anybody_may_call_is_warned_of() {
    assertThat(read("webhook: {path: a, verify: none}").warnings())
        .extracting(Problem::code)
        .containsExactly("open_webhook");
    assertThat(read("webhook: {path: a}").warnings()).isEmpty();
  }

  @Test
  void events_and_ends_of_other_flows_have_a_filter_and_an_input() {
    assertThat(
            codes(
                "event: {type: order.imported, filter: $event.data.total > 0, input: $event.data}"))
        .isEmpty();
    assertThat(codes("completed: {flow: order-intake, status: [completed], input: $event.output}"))
        .isEmpty();
    for (String status :
        List.of(
            "completed",
            "failed",
            "cancelled",
            "timed_out",
            "compensated",
            "compensation_failed")) {
      assertThat(codes("completed: {flow: order-intake, status: [" + status + "]}"))
          .as(status)
          .isEmpty();
    }
    for (String status : List.of("running", "paused", "done")) {
      assertThat(codes("completed: {flow: order-intake, status: [" + status + "]}"))
          .as(status)
          .containsExactly("bad_value");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "webhook: {path: a, filter: $event.type == 'x'}",
        "webhook: {path: a, filter: $input.x}",
        "webhook: {path: a, input: $ai}",
        "webhook: {path: a, dedupe: $vars.x}",
        "event: {type: x, filter: $trigger.body.x}",
        "event: {type: x, input: $input.x}",
        "completed: {flow: order-intake, input: $steps.ai.output}",
      })
  void they_see_what_has_come_and_nothing_else(String trigger) {
    assertThat(codes(trigger)).isSubsetOf("misplaced_reference", "step_not_run").isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "webhook: {path: a, filter: 1 + 1}",
        "event: {type: x, filter: \"'text'\"}",
      })
  void a_filter_must_be_a_condition(String trigger) {
    assertThat(codes(trigger)).containsExactly("not_boolean");
  }

  @Test
  void a_schedule_has_a_zone_an_overlap_a_catchup_and_an_input() {
    String text =
        "schedule: {cron: \"0 9 * * MON-FRI\", timezone: Europe/Berlin, overlap: skip, catchup:"
            + " latest, input: {mode: reconcile}}";
    assertThat(codes(text)).isEmpty();
    assertThat((Trigger.Schedule) read(text).flow().triggers().getFirst())
        .returns("0 9 * * MON-FRI", Trigger.Schedule::cron)
        .returns("Europe/Berlin", Trigger.Schedule::timezone)
        .returns(Trigger.Overlap.SKIP, Trigger.Schedule::overlap)
        .returns(Trigger.Catchup.LATEST, Trigger.Schedule::catchup);
    assertThat(
            (Trigger.Schedule) read("schedule: {cron: '* * * * *'}").flow().triggers().getFirst())
        .returns("UTC", Trigger.Schedule::timezone)
        .returns(Trigger.Overlap.ALLOW, Trigger.Schedule::overlap)
        .returns(Trigger.Catchup.NONE, Trigger.Schedule::catchup)
        .returns(null, Trigger.Schedule::input);
    assertThat(codes("schedule: {cron: '* * * * *', overlap: wait}")).containsExactly("bad_value");
    assertThat(codes("schedule: {cron: '* * * * *', catchup: some}")).containsExactly("bad_value");
    assertThat(codes("schedule: {cron: '* * * *'}")).containsExactly("bad_value");
    assertThat(codes("schedule: {cron: '61 * * * *'}")).containsExactly("bad_cron");
    assertThat(codes("schedule: {cron: '* * * * *', timezone: Mars}"))
        .containsExactly("unknown_timezone");
    assertThat(codes("schedule: {cron: '* * * * *', input: $input.x}"))
        .isSubsetOf("misplaced_reference", "step_not_run")
        .isNotEmpty();
    assertThat(codes("schedule: {timezone: UTC}")).containsExactly("missing_key");
  }

  @Test
  void what_is_missing_or_unknown_is_told() {
    assertThat(codes("event: {filter: $event.data.x}")).containsExactly("missing_key");
    assertThat(codes("completed: {status: [failed]}")).containsExactly("missing_key");
    assertThat(codes("completed: {flow: f}")).containsExactly("recursion");
    assertThat(read("completed: {flow: nobody}").warnings())
        .extracting(Problem::code)
        .containsExactly("unknown_flow");
    assertThat(read("completed: {flow: order-intake}").warnings()).isEmpty();
    assertThat(codes("webhook: {path: a, pth: b}")).containsExactly("unknown_key");
    assertThat(codes("webhook: {path: /a b}")).containsExactly("bad_value");
    assertThat(codes("queue: {name: a}")).containsExactly("unknown_key");
  }
}
