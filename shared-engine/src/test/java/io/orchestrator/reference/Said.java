package io.orchestrator.reference;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What was said to an execution by name, and what of it was taken. */
final class Said {
  /** Something that was said, and when. */
  record Word(Memory.Time at, Object value) {}

  private record Use(String path, String name, Memory.Time at) {}

  private final Map<String, List<Word>> emitted = new HashMap<>();
  private final Map<String, Set<Integer>> taken = new HashMap<>();
  private final List<Use> uses = new ArrayList<>();
  private final Set<String> doubtful = new HashSet<>();

  /** The flow itself has said something. */
  void emitted(String name, String path, Object value, Memory.Time now) {
    emitted.computeIfAbsent(name, n -> new ArrayList<>()).add(new Word(now, value));
    uses.add(new Use(path, name, now));
  }

  /**
   * A word that nobody has taken; null if none will come.
   *
   * @param others what others say
   * @param free null: it is the oldest
   */
  Word next(String name, String path, List<Ending.Word> others, Memory.Time now, Choices free) {
    if (doubtful.contains(name)) {
      throw new Undetermined("what of " + name + " was taken");
    }
    List<Word> all = new ArrayList<>(emitted.getOrDefault(name, List.of()));
    for (Ending.Word word : others) {
      all.add(new Word(new Memory.Time(word.afterMillis(), word.afterMillis()), word.value()));
    }
    Set<Integer> gone = taken.computeIfAbsent(name, n -> new HashSet<>());
    List<Integer> left = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      if (!gone.contains(i)) {
        left.add(i);
      }
    }
    Word word = null;
    if (!left.isEmpty()) {
      int number = left.get(free == null ? 0 : free.of(left.size()));
      gone.add(number);
      word = all.get(number);
    }
    uses.add(
        new Use(path, name, word == null || now.least() > word.at().least() ? now : word.at()));
    return word;
  }

  /** Something was stopped: what it said or took is in doubt unless it had surely come about. */
  void cut(String path, long surelyUntil) {
    for (Use use : uses) {
      boolean within =
          path.isEmpty()
              || use.path().equals(path)
              || use.path().startsWith(path + "/")
              || use.path().startsWith(path + "[");
      if (within && use.at().most() >= surelyUntil) {
        doubtful.add(use.name());
      }
    }
  }
}
