package io.orchestrator.local;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/** Follows an execution to its end and says how it has ended. */
final class Following {
  private static final Set<String> FINAL =
      Set.of(
          "completed",
          "failed",
          "cancelled",
          "timed_out",
          "compensated",
          "compensation_failed",
          "quarantined");

  private final Client client;
  private final PrintStream out;

  Following(Client client, PrintStream out) {
    this.client = client;
    this.out = out;
  }

  /**
   * Returns the execution when it has ended, as the API shows it.
   *
   * @param watched whether its steps are shown while they change; else only what it waits for
   */
  Map<String, Object> follow(String id, boolean watched) {
    boolean redraws = watched && Terminal.redraws();
    StepTree tree = watched ? new StepTree(out, redraws, redraws ? Terminal.height() : 0) : null;
    boolean toldOfWait = watched;
    while (true) {
      Map<String, Object> execution = execution(id);
      if (tree != null) {
        tree.show(execution);
      }
      if (FINAL.contains(Data.text(execution.get("status")))) {
        return execution;
      }
      if (!toldOfWait && "waiting".equals(execution.get("status"))) {
        toldOfWait = true;
        tellOfWaits(execution);
      }
      untilChanged(id, execution);
    }
  }

  /** The execution as it is. */
  Map<String, Object> execution(String id) {
    String path = "/executions/" + Whose.encoded(id);
    Client.Answer answer = client.get(path, Client.JSON);
    if (!answer.succeeded()) {
      throw new StackException("The execution " + id + " cannot be seen: " + answer.problem());
    }
    return answer.json();
  }

  /** One piece of its events comes as soon as there is one that we do not know. */
  private void untilChanged(String id, Map<String, Object> execution) {
    Client.Answer piece =
        client.get(
            "/executions/" + Whose.encoded(id) + "/events",
            "*/*",
            "last-event-id",
            Data.text(execution.get("revision")));
    if (!piece.succeeded()) {
      throw new StackException("The execution " + id + " cannot be followed: " + piece.problem());
    }
  }

  private void tellOfWaits(Map<String, Object> execution) {
    for (Map<String, Object> wait : Data.maps(execution.get("waiting_for"))) {
      out.println(
          "Waiting at "
              + wait.get("step")
              + " for a "
              + wait.get("kind")
              + ", until "
              + wait.get("until"));
    }
  }

  /** Prints how it has ended, or that it goes on. Returns the exit code of a command. */
  int print(Map<String, Object> execution) {
    String status = Data.text(execution.get("status"));
    String handled = Boolean.TRUE.equals(execution.get("handled")) ? " (handled)" : "";
    Duration took =
        Duration.between(
            Instant.parse(Data.text(execution.get("started_at"))),
            execution.get("ended_at") == null
                ? Instant.now()
                : Instant.parse(Data.text(execution.get("ended_at"))));
    out.println("%s%s after %.2f s".formatted(status, handled, took.toMillis() / 1000.0));
    if (status.equals("completed")) {
      out.println(PrettyJson.of(execution.get("output")));
      return 0;
    }
    Map<String, Object> error = Data.map(execution.get("error"));
    if (!error.isEmpty()) {
      String where = error.get("step") == null ? "" : " at step " + error.get("step");
      out.println("error " + error.get("type") + where + ": " + error.get("message"));
    } else if (execution.get("reason") != null) {
      out.println("reason: " + execution.get("reason"));
    }
    return 1;
  }
}
