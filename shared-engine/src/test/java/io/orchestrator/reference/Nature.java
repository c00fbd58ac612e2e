package io.orchestrator.reference;

/**
 * The world as one execution meets it.
 *
 * @param execution its name
 * @param input of the execution
 */
public record Nature(Surroundings world, String execution, Object input, Slack slack) {

  /**
   * How far things may differ from a world in which everything happens at once and in time.
   *
   * @param millis by how much anything may come later
   * @param lateMillis how much later a timer may be noticed: until the sweeper looks, a call has
   *     ended, or somebody has resumed the execution
   * @param faulty whether a process may be lost on the way
   * @param replaced whether another execution may take the place of this one, whenever that begins
   */
  public record Slack(long millis, long lateMillis, boolean faulty, boolean replaced) {}

  /** The nature of an execution that a step of this one starts. */
  Nature of(String path, int attempt, Object given) {
    Slack own = new Slack(slack.millis, slack.lateMillis, slack.faulty, false);
    return new Nature(world, child(execution, path, attempt), given, own);
  }

  /** The name of the execution that an attempt of a step starts. */
  public static String child(String execution, String path, int attempt) {
    return execution + path + "#" + attempt + ">";
  }

  long slackMillis() {
    return slack.millis;
  }

  long lateMillis() {
    return slack.lateMillis;
  }

  boolean faulty() {
    return slack.faulty;
  }
}
