package io.orchestrator.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.flow.InstancePath;
import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Plan;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/** Keeps the history of one execution as it is written, and objects to whatever must not be. */
final class Ledger {
  private final Plan plan;
  private final Set<String> over = new HashSet<>();
  private final Set<String> completed = new HashSet<>();
  private final Set<String> lines = new HashSet<>();
  private final Edges edges = new Edges();
  private Execution folded = Execution.blank(Story.ID, "acme");
  private boolean orderFree = true;
  private int ends;

  Ledger(Plan plan) {
    this.plan = plan;
    this.orderFree = plan.timeout() == null;
  }

  /** The execution that the written lines add up to. */
  Execution folded() {
    return folded;
  }

  /** Whether nothing has happened whose order against something else decides the result. */
  boolean orderFree() {
    return orderFree;
  }

  Edges edges() {
    return edges;
  }

  /** A call is made. */
  void called(Execution execution, String path, int attempt) {
    assertThat(over)
        .as("attempts that are over when %s is called again", path)
        .doesNotContain(path + "#" + attempt);
    assertThat(completed)
        .as("steps that are completed, in their present life")
        .doesNotContain(path);
    assertThat(execution.status().isFinal()).isFalse();
  }

  /** Something was decided. */
  void decided(Execution before, Event event, Decision decision) {
    boolean taken = decision instanceof Decision.Taken;
    if (before.status().isFinal()) {
      assertThat(taken).as("%s after the end", event).isFalse();
      return;
    }
    switch (event) {
      case Event.StepSucceeded e -> outcome(e, e.path(), e.attempt(), taken);
      case Event.StepFailed e -> outcome(e, e.path(), e.attempt(), taken);
      case Event.StepDeferred e -> outcome(e, e.path(), e.attempt(), taken);
      case Event.CancelRequested ignored ->
          assertThat(taken).isEqualTo(before.standing().closing() == null);
      case Event.Triggered ignored -> assertThat(taken).isEqualTo(before.revision() == 0);
      case Event.StepBegun ignored -> assertThat(taken).isTrue();
      case Event.CallbackReceived e -> {
        if (completed.contains(e.path())) {
          assertThat(taken).as("a second answer for %s", e.path()).isFalse();
        }
      }
      case Event.Word ignored -> {}
      case Event.Order ignored -> {}
      case Event.TimeElapsed ignored -> {}
      case Event.PauseRequested ignored -> {}
      case Event.ResumeRequested ignored -> {}
      case Event.Admitted ignored -> {}
    }
  }

  private void outcome(Event event, String path, int attempt, boolean taken) {
    assertThat(taken).as("%s counts", event).isEqualTo(!over.contains(path + "#" + attempt));
  }

  /** Lines were written. */
  void committed(Execution before, Decision.Taken taken, Instant at) {
    assertThat(taken.transitions()).isNotEmpty();
    assertThat(taken.next().revision()).isEqualTo(before.revision() + taken.transitions().size());
    for (Transition line : taken.transitions()) {
      assertThat(folded.status().isFinal()).as("a line after the end: %s", line).isFalse();
      Legality.check(folded, line);
      note(line);
      Notation.Written written = Notation.write(line);
      Transition read = Notation.read(written);
      assertThat(Notation.write(read)).isEqualTo(written);
      Execution after = folded.after(read, at);
      edges.note(folded, line, after);
      folded = after;
    }
    same(folded, taken.next());
  }

  static void same(Execution stored, Execution memory) {
    assertThat(stored.revision()).isEqualTo(memory.revision());
    assertThat(stored.status()).isEqualTo(memory.status());
    assertThat(stored.frontier()).isEqualTo(memory.frontier());
    assertThat(stored.steps()).isEqualTo(memory.steps());
    assertThat(stored.vars()).isEqualTo(memory.vars());
    assertThat(stored.output()).isEqualTo(memory.output());
    assertThat(stored.failure()).isEqualTo(memory.failure());
    assertThat(stored.handled()).isEqualTo(memory.handled());
    assertThat(stored.deadline()).isEqualTo(memory.deadline());
  }

  private void note(Transition line) {
    switch (line.change()) {
      case Change.StepCompleted c -> {
        ended(c.path(), c.attempt(), "completed");
        completed.add(c.path());
        orderFree &=
            !(plan.at(c.path()).kind() instanceof Kind.Parallel parallel
                && parallel.join().enough() > 0);
        orderFree &= c.vars() == null || !standsSideBySide(c.path());
        orderFree &= !(plan.at(c.path()).kind() instanceof Kind.Return && c.path().contains("/"));
      }
      case Change.StepFailed c -> {
        ended(c.path(), c.attempt(), "failed");
        orderFree &= !runsSideBySide(c.path());
      }
      case Change.StepRetrying c -> {
        over.add(c.path() + "#" + (c.attempt() - 1));
        once(c.path(), c.attempt(), "retrying");
        orderFree &= !runsSideBySide(c.path());
      }
      case Change.StepWaiting c -> {
        ended(c.path(), c.attempt(), "waiting");
        completed.remove(c.path());
      }
      case Change.StepStarted c -> {
        once(c.path(), c.attempt(), "entered");
        completed.removeIf(path -> InstancePath.isWithin(path, c.path()));
        orderFree &= c.timeout() == null;
      }
      case Change.StepClosing c -> once(c.path(), c.attempt(), "closing");
      case Change.CallBegun c -> once(c.path(), c.attempt(), "begun");
      case Change.StepRecovered c -> completed.add(c.path());
      case Change.Completed ignored -> ends++;
      case Change.Failed ignored -> ends++;
      case Change.Cancelled ignored -> ends++;
      case Change.TimedOut ignored -> ends++;
      case Change.Crossing ignored -> {}
      case Change.Started ignored -> {}
      case Change.StepSkipped ignored -> {}
      case Change.HandlersStarted ignored -> {}
      case Change.Course.Compensated ignored -> ends++;
      case Change.Course.CompensationFailed ignored -> ends++;
      case Change.Course ignored -> {}
      case Change.Repair ignored -> {}
    }
    line.started().forEach(completed::remove);
    line.cancelled().forEach(path -> over.add(path + "#" + folded.step(path).attempt()));
  }

  private boolean runsSideBySide(String path) {
    Kind kind = plan.at(path).kind();
    return kind instanceof Kind.Parallel
        || (kind instanceof Kind.Foreach each && each.concurrency() > 1);
  }

  /** Whether other iterations are at work at the same time. */
  private boolean standsSideBySide(String path) {
    for (String at = InstancePath.around(path); !at.isEmpty(); at = InstancePath.around(at)) {
      if (InstancePath.isIteration(at) && runsSideBySide(InstancePath.loop(at))) {
        return true;
      }
    }
    return false;
  }

  private void ended(String path, int attempt, String how) {
    over.add(path + "#" + attempt);
    once(path, attempt, how);
  }

  /** No two lines for the same step, attempt and kind. */
  private void once(String path, int attempt, String kind) {
    assertThat(lines.add(kind + " " + path + "#" + attempt))
        .as("the only line %s %s#%d", kind, path, attempt)
        .isTrue();
  }

  /** The execution has come to its end. */
  void ended(Execution execution) {
    assertThat(ends).as("ends of one start").isEqualTo(1);
    assertThat(execution.active()).as("steps at work after the end").isEmpty();
    assertThat(execution.endedAt()).isNotNull();
  }
}
