package io.orchestrator.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.orchestrator.execution.Execution;
import io.orchestrator.store.ExecutionReads;
import io.orchestrator.store.PostgresExecutionStore;
import io.orchestrator.store.Stored;
import io.orchestrator.testing.FoldsBack;
import io.orchestrator.testing.World;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is masked is sealed in the history, and whoever goes on with an execution opens it. */
class MaskedHistoryTest {
  @RegisterExtension static final FoldsBack FOLDS_BACK = new FoldsBack();
  private static final String IBAN = "DE89-canary-3704";
  private static final String FLOW =
      """
      flow: masked
      mask: [input.iban, "input.odd['a/b~c'][1]"]
      steps:
        - reply: {await: {signal: go}, mask: [pin]}
        - pay: {adapter: bank, params: {to: $input.iban, pin: $reply.pin, second: "${ $input.odd['a/b~c'][1] }"}}
      """;

  private World world;

  @BeforeEach
  void begin() {
    world = new World(new PostgresExecutionStore(FOLDS_BACK.database().engine()));
    world.publish(FLOW, "bank");
  }

  @AfterEach
  void end() {
    world.close();
  }

  private UUID waiting() {
    Map<String, Object> input = new LinkedHashMap<>();
    input.put("iban", IBAN);
    input.put("odd", Map.of("a/b~c", List.of("first", "second")));
    UUID id = world.start("masked", input);
    await().pollDelay(Duration.ZERO).until(() -> world.status(id).equals("waiting"));
    return id;
  }

  private List<Stored.Line> lines(UUID id) {
    return new ExecutionReads(FOLDS_BACK.database().api()).history(World.TENANT, id, 0, 100);
  }

  @Test
  void another_process_goes_on_with_the_true_values() {
    UUID id = waiting();
    world.close();
    try (World other = new World(new PostgresExecutionStore(FOLDS_BACK.database().engine()))) {
      other.publish(FLOW, "bank");
      SignalOutcome heard =
          other.engine().signal(World.TENANT, id, "s1", "go", Map.of("pin", "4711-pin"));
      assertThat(heard).isEqualTo(SignalOutcome.ACCEPTED);
      await().pollDelay(Duration.ZERO).until(() -> other.status(id).equals("completed"));
      assertThat(other.calls().getLast().params())
          .isEqualTo(Map.of("to", IBAN, "pin", "4711-pin", "second", "second"));
      assertThat(other.engine().signal(World.TENANT, id, "s1", "go", Map.of("pin", "4711-pin")))
          .isEqualTo(SignalOutcome.SAME);
      assertThat(other.engine().signal(World.TENANT, id, "s1", "go", Map.of("pin", "other")))
          .isEqualTo(SignalOutcome.DIFFERENT);
    }
    assertThat(lines(id))
        .allSatisfy(line -> assertThat(line.data()).doesNotContain(IBAN, "4711-pin"));
  }

  @Test
  void what_is_shown_needs_no_key_and_what_goes_on_needs_the_right_one() {
    UUID id = waiting();
    Stored.Line first = lines(id).getFirst();
    assertThat(first.data()).contains("\"sealed\"");
    assertThat(History.shown(first).data())
        .isEqualTo(
            "{\"input\":{\"iban\":\"***\",\"odd\":{\"a/b~c\":[\"first\",\"***\"]}},\"vars\":{}}");
    Sealing other =
        new Sealing("quite another key, of enough bytes".getBytes(StandardCharsets.US_ASCII));
    assertThatThrownBy(() -> other.opened(id, first)).isInstanceOf(UntrustedState.class);
    Execution execution = world.view(id).execution();
    assertThat(execution.input()).asString().contains(IBAN, "second");
  }

  @Test
  void a_seal_opens_for_its_own_execution_alone_and_says_the_same_each_time() {
    Sealing sealing =
        new Sealing("a key of at least thirty-two bytes".getBytes(StandardCharsets.US_ASCII));
    UUID one = new UUID(1, 1);
    String line = "{\"input\":\"***\",\"masked\":{\"/input\":12.50}}";
    String sealed = sealing.close(one, line);
    assertThat(sealed).doesNotContain("12.50").isEqualTo(sealing.close(one, line));
    assertThat(sealing.open(one, sealed)).isEqualTo(line);
    assertThat(sealing.close(new UUID(1, 2), line)).isNotEqualTo(sealed);
    assertThatThrownBy(() -> sealing.open(new UUID(1, 2), sealed))
        .isInstanceOf(UntrustedState.class);
    String data = "{\"input\":{\"masked\":1,\"sealed\":\"v1.x\"}}";
    assertThat(sealing.open(one, sealing.close(one, data))).isEqualTo(data);
  }
}
