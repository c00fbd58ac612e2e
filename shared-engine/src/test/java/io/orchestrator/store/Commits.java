package io.orchestrator.store;

import com.github.f4b6a3.uuid.UuidCreator;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** Commits as tests write them. */
final class Commits {
  static final Duration GRACE = Duration.ofSeconds(2);

  private Commits() {}

  static UUID id() {
    return UuidCreator.getTimeOrderedEpoch();
  }

  static Commit start(UUID id) {
    return start(id, null);
  }

  static Commit start(UUID id, Commit.IdempotencyKey key) {
    return new Commit(
        id,
        0,
        new Commit.Head("queued", "{\"active\":[\"a\"]}", GRACE, null, null, false),
        List.of(row("started", null)),
        List.of(),
        null,
        new Commit.Opening("acme", "support", "1.0.0", key));
  }

  static Commit step(UUID id, int expected, String path) {
    return next(
        id,
        expected,
        new Commit.Head("running", "{\"active\":[\"" + path + "\"]}", GRACE, null, null, false),
        row("step_completed", path));
  }

  static Commit end(UUID id, int expected) {
    return next(
        id,
        expected,
        new Commit.Head("completed", "{}", null, null, null, true),
        row("step_completed", "c"),
        row("completed", null));
  }

  static Commit next(UUID id, int expected, Commit.Head head, Commit.Row... rows) {
    return new Commit(id, expected, head, List.of(rows), List.of(), null, null);
  }

  static Commit.Row row(String event, String step) {
    return new Commit.Row(event, step, step == null ? 0 : 1, "{\"output\":{\"n\":1}}", null);
  }

  static Commit opening(Commit commit, String token, String step) {
    return new Commit(
        commit.execution(),
        commit.expected(),
        commit.head(),
        commit.rows(),
        List.of(new Commit.Wait(hash(token), step)),
        commit.answered(),
        commit.opening());
  }

  static Commit answering(Commit commit, String token, String answer) {
    return new Commit(
        commit.execution(),
        commit.expected(),
        commit.head(),
        commit.rows(),
        commit.opened(),
        new Commit.Answered(hash(token), hash(answer)),
        commit.opening());
  }

  static Commit.IdempotencyKey key(String key, String request) {
    return new Commit.IdempotencyKey("api", key, hash(request), Duration.ofHours(24));
  }

  static byte[] hash(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
