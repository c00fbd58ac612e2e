package io.orchestrator.store;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * On whose behalf a thread works, and what it was asked to do. Whatever the stores of this package
 * commit meanwhile for that purpose, they tell the audit trail in the same transaction. It does not
 * pass on to other threads by itself.
 *
 * @param actor the subject of the caller's token
 * @param action {@code execution.cancel}
 * @param target the only execution whose change is the purpose; null: each that changes. A start is
 *     told in any case
 */
public record Acting(String actor, String action, UUID target) {
  private static final ScopedValue<Acting> NOW = ScopedValue.newInstance();

  /** Does some work on this behalf. */
  public <T> T during(Supplier<T> work) {
    return ScopedValue.where(NOW, this).call(work::get);
  }

  /** On whose behalf this thread works; null: on nobody's, as the engine itself. */
  public static Acting now() {
    return NOW.isBound() ? NOW.get() : null;
  }

  /** What was asked for, or what is done anyhow. */
  static String actionOr(String otherwise) {
    Acting now = now();
    return now == null ? otherwise : now.action;
  }

  /** What a commit is to tell; null if nothing. */
  static AuditEntry of(Commit commit) {
    Acting now = now();
    if (now == null) {
      return null;
    }
    boolean told =
        commit.opening() != null || now.target == null || now.target.equals(commit.execution());
    return told ? now.entry(commit) : null;
  }

  /** The database knows the tenant of an execution better than a commit does. */
  private AuditEntry entry(Commit commit) {
    Map<String, Object> details = new LinkedHashMap<>();
    if (commit.opening() != null) {
      details.put("flow", commit.opening().flow());
      details.put("version", commit.opening().version());
    }
    details.put("revision", commit.expected() + 1L);
    details.put("event", commit.rows().getFirst().event());
    return AuditEntry.done("", actor, action, "execution:" + commit.execution(), details);
  }
}
