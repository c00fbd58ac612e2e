package io.orchestrator.execution;

/**
 * Something that has to be undone if the execution does not end well, before everything that was
 * owed before it. Immutable.
 */
final class Owed {
  private final String path;
  private final Steps seen;
  private final Owed rest;

  /**
   * @param seen the steps as they were then: an iteration may be forgotten before it is undone
   * @param rest null if nothing else is owed
   */
  Owed(String path, Steps seen, Owed rest) {
    this.path = path;
    this.seen = seen;
    this.rest = rest;
  }

  String path() {
    return path;
  }

  /** The step at a path as it was when this was done; null if it had not been reached. */
  StepState seen(String step) {
    return seen.get(step);
  }

  /** What is owed without this path, however often it was done. */
  static Owed without(Owed all, String path) {
    if (!contains(all, path)) {
      return all;
    }
    return all.path.equals(path)
        ? without(all.rest, path)
        : new Owed(all.path, all.seen, without(all.rest, path));
  }

  static boolean contains(Owed all, String path) {
    for (Owed one = all; one != null; one = one.rest) {
      if (one.path.equals(path)) {
        return true;
      }
    }
    return false;
  }
}
