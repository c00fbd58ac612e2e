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
  private final Map<String, Integer> taken = new HashMap<>();
  private final List<Use> uses = new ArrayList<>();
  private final Set<String> doubtful = new HashSet<>();

  /** The flow itself has said something. */
  void emitted(String name, String path, Object value, Memory.Time now) {
    emitted.computeIfAbsent(name, n -> new ArrayList<>()).add(new Word(now, value));
    uses.add(new Use(path, name, now));
  }

  /**
   * The oldest word that nobody has taken; null if none will come.
   *
   * @param others what others say
   */
  Word next(String name, String path, List<Ending.Word> others, Memory.Time now) {
    if (doubtful.contains(name)) {
      throw new Undetermined("what of " + name + " was taken");
    }
    List<Word> all = new ArrayList<>(emitted.getOrDefault(name, List.of()));
    for (Ending.Word word : others) {
      all.add(new Word(new Memory.Time(word.afterMillis(), word.afterMillis()), word.value()));
    }
    int number = taken.merge(name, 1, Integer::sum) - 1;
    Word word = number < all.size() ? all.get(number) : null;
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
