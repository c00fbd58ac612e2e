package io.orchestrator.reference;

import io.orchestrator.flow.Plan;
import java.util.List;

/**
 * The world around executions, as far as it decides what becomes of them. An execution is known by
 * a name that tells whose it is; a path alone would be the same for a flow and its sub-flow.
 */
public interface Surroundings {
  /** How the call of an attempt ends. */
  Ending.Call call(String execution, String path, int attempt, boolean awaits, String adapter);

  /** What is said to a wait that is a step of its own. */
  List<Ending.Word> answers(String execution, String path, int attempt);

  /** What is said to an execution by name, as a signal or an event, by the time since its start. */
  List<Ending.Word> words(String execution, String name);

  /** What people say when they are asked, one after the other. */
  List<Ending.Vote> votes(String execution, String path, int attempt);

  /** When somebody cancels an execution, after its start; negative: nobody does. */
  long cancelMillis(String execution, Plan plan);

  /** The key of every event. */
  String key();

  /** The plan of a flow. */
  Plan plan(String flow);
}
