package io.orchestrator.flow;

/**
 * Where a step stands.
 *
 * @param parent path of the step that contains it, empty for the flow itself
 * @param slot what it is to its parent
 * @param clause which block of the parent: the number of the error handler for {@code HANDLER},
 *     else the index into {@link Kind#blocks()}
 * @param index its position in that block, from 0
 */
public record Place(String parent, Slot slot, int clause, int index) {
  /** What a step is to the one that contains it. */
  public enum Slot {
    /** One of a sequence: the flow's steps, a group's, a branch of a conditional. */
    SEQUENCE,
    /** One of the branches of a parallel: it has no successor. */
    BRANCH,
    /** One of the sequence that a loop does for each of its iterations. */
    ITEM,
    /** One of an error handler's steps. */
    HANDLER,
    /** What undoes its parent: it stands alone. */
    COMPENSATION,
    /** One of the steps that run when the execution is cancelled. */
    ON_CANCEL,
    /** One of the steps that run at the end, however it ended. */
    FINALLY
  }
}
