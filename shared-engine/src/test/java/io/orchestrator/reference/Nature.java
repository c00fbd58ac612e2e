package io.orchestrator.reference;

import java.util.List;

/**
 * The world outside: what becomes of the calls and the waits of a step's attempt, whenever they are
 * made.
 *
 * @param key of every event
 * @param input of the execution
 * @param cancelMillis when somebody cancels it, after its start; negative: nobody does
 * @param slackMillis by how much anything may come later than it would in a world without faults
 * @param faulty whether a process may be lost on the way
 */
public record Nature(
    Calls calls,
    Waits waits,
    Words words,
    String key,
    Object input,
    long cancelMillis,
    long slackMillis,
    boolean faulty) {
  private static final long LATE_MAX = 5_000;

  /** How the call of an attempt ends. */
  @FunctionalInterface
  public interface Calls {
    Ending.Call of(String path, int attempt, boolean awaits, String adapter);
  }

  /** What is said to a wait that is a step of its own. */
  @FunctionalInterface
  public interface Waits {
    List<Ending.Word> of(String path, int attempt);
  }

  /** What is said by name, as a signal or an event, by the time since the start. */
  @FunctionalInterface
  public interface Words {
    List<Ending.Word> of(String name);
  }

  /** A timer may be noticed that much later: until the sweeper looks, or a call has ended. */
  long lateMillis() {
    return Math.min(LATE_MAX, slackMillis);
  }
}
