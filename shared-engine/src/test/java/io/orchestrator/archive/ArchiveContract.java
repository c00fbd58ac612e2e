package io.orchestrator.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What every archive does. */
abstract class ArchiveContract {
  private static final String NAME = "transitions/acme/2026/01/a-b.jsonl.gz";

  abstract Archive archive();

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void what_is_put_is_got() {
    byte[] large = bytes("x".repeat(3_000_000));
    archive().put(NAME, bytes("one"));
    archive().put("transitions/acme/2026/02/c.jsonl.gz", large);
    assertThat(archive().get(NAME)).hasValue(bytes("one"));
    assertThat(archive().get("transitions/acme/2026/02/c.jsonl.gz")).hasValue(large);
  }

  @Test
  void putting_the_same_again_changes_nothing() {
    archive().put(NAME, bytes("one"));
    archive().put(NAME, bytes("one"));
    assertThat(archive().get(NAME)).hasValue(bytes("one"));
  }

  @Test
  void what_was_never_put_is_not_there() {
    assertThat(archive().get("transitions/nothing")).isEmpty();
  }
}
