package io.orchestrator.store;

/**
 * What every commit must look like; a bug that breaks it is caught before the database is asked.
 */
final class Shape {
  private Shape() {}

  static Commit checked(Commit commit) {
    require(commit.expected() >= 0, commit, "the expected revision is negative");
    require(!commit.rows().isEmpty(), commit, "there is no row");
    require(
        (commit.expected() == 0) == (commit.opening() != null),
        commit,
        "a start, and only a start, has an opening");
    boolean looked = commit.head().lookAfter() != null || commit.head().lookBy() != null;
    require(
        !(commit.head().ended() && looked),
        commit,
        "nobody looks after an execution that has ended");
    require(
        commit.head().owner() == null || commit.head().lookAfter() != null,
        commit,
        "an owner's lease has no length");
    return commit;
  }

  private static void require(boolean holds, Commit commit, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(
          "commit of "
              + commit.execution()
              + " from revision "
              + commit.expected()
              + ": "
              + otherwise);
    }
  }
}
