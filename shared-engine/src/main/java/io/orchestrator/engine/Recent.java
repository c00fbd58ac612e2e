package io.orchestrator.engine;

import io.orchestrator.execution.Execution;
import io.orchestrator.store.ExecutionStore;
import io.orchestrator.store.Stored;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Long histories that this process has seen lately: loading such an execution again costs what has
 * been written since, so that one that is woken ten thousand times does not cost a hundred million
 * lines. What is kept never counts for more than the database says: it has to add up to the head
 * row with what is read. Safe for threads.
 */
final class Recent {
  /** What a line takes beside its data. */
  private static final int LINE_CHARS = 100;

  private final ExecutionStore store;
  private final Sealing sealing;
  private final Map<UUID, Kept> kept = new LinkedHashMap<>();
  private long chars;

  Recent(ExecutionStore store, Sealing sealing) {
    this.store = store;
    this.sealing = sealing;
  }

  private record Kept(Execution execution, List<Stored.Line> history, long chars) {}

  /** The execution with its history, as it stands in the database now. */
  Optional<Stored> load(UUID id) {
    Kept known = known(id);
    if (known == null) {
      return store.load(id);
    }
    Optional<Stored> now = store.load(id, known.history);
    if (now.isPresent() && goesOn(known, now.get())) {
      return now;
    }
    forget(id); // brought in from elsewhere, perhaps: only the whole can be trusted
    return store.load(id);
  }

  private boolean goesOn(Kept known, Stored now) {
    try {
      remember(History.fold(known.execution, known.history.size(), now, sealing), now.history());
      return true;
    } catch (UntrustedState other) {
      return false;
    }
  }

  /**
   * What was loaded adds up to.
   *
   * @throws UntrustedState when it does not add up to the head row
   */
  Execution fold(Stored stored) {
    Kept known = known(stored.id());
    if (known != null && isSame(known.history, stored.history())) {
      return known.execution;
    }
    Execution execution = History.fold(stored, sealing);
    remember(execution, stored.history());
    return execution;
  }

  @SuppressWarnings("ReferenceEquality") // the very list that was folded, not an equal one
  private static boolean isSame(List<Stored.Line> one, List<Stored.Line> other) {
    return one == other;
  }

  /** Keeps an execution as it was stored, if its history is long. */
  void keep(Execution execution, List<Stored.Line> history) {
    if (isLong(execution, history)) {
      remember(execution, List.copyOf(history));
    }
  }

  private static boolean isLong(Execution execution, List<Stored.Line> history) {
    return history.size() >= Limits.RECENT_LINES_MIN && !execution.status().isFinal();
  }

  /**
   * @param lines which nobody changes
   */
  private void remember(Execution execution, List<Stored.Line> lines) {
    if (!isLong(execution, lines)) {
      return;
    }
    synchronized (kept) {
      Kept before = remove(execution.id());
      int from = before == null || before.history.size() > lines.size() ? 0 : before.history.size();
      long length = from == 0 ? 0 : before.chars;
      for (Stored.Line line : lines.subList(from, lines.size())) {
        length += LINE_CHARS + line.data().length();
      }
      kept.put(execution.id(), new Kept(execution, lines, length));
      chars += length;
      while (chars > Limits.RECENT_CHARS_MAX || kept.size() > Limits.RECENT_MAX) {
        remove(kept.keySet().iterator().next());
      }
    }
  }

  private Kept known(UUID id) {
    synchronized (kept) {
      return kept.get(id);
    }
  }

  private void forget(UUID id) {
    synchronized (kept) {
      remove(id);
    }
  }

  private Kept remove(UUID id) {
    Kept gone = kept.remove(id);
    chars -= gone == null ? 0 : gone.chars;
    return gone;
  }
}
