package io.orchestrator.engine;

import com.github.f4b6a3.uuid.UuidCreator;
import io.orchestrator.execution.Change;
import io.orchestrator.execution.Execution;
import io.orchestrator.execution.Pause;
import io.orchestrator.execution.StateMachine;
import io.orchestrator.execution.StepState;
import io.orchestrator.execution.SubFlowStart;
import io.orchestrator.execution.Transition;
import io.orchestrator.expression.Json;
import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Plan;
import io.orchestrator.flow.Step;
import io.orchestrator.store.Commit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * What a commit says to the world: the waits that it opens and closes and the events that become
 * visible with it. It follows from the transitions alone, so it is stored with them or not at all.
 */
final class Outbox {
  /** Executions of these ids are to be cancelled. */
  static final String CANCEL = "$cancel";

  /** An execution for whose end somebody waits has ended. */
  static final String ENDED = "$ended";

  static final String APPROVAL = "approval";
  static final String LINK = "link";
  private static final UUID NAMESPACE = new UUID(0x6f72636865737472L, 0x61746f725f776f72L);

  private final Callbacks callbacks;
  private final PlanSource plans;

  Outbox(Callbacks callbacks, PlanSource plans) {
    this.callbacks = callbacks;
    this.plans = plans;
  }

  /** Everything that one commit says. */
  record Said(List<Commit.Wait> opened, List<byte[]> closed, List<Commit.Posted> posted) {}

  Said of(Plan plan, Execution base, List<Transition> transitions, Execution next) {
    Said said = new Said(new ArrayList<>(0), new ArrayList<>(0), new ArrayList<>(0));
    Set<String> completed = new LinkedHashSet<>(0);
    Set<String> listening = new LinkedHashSet<>(0);
    for (Transition transition : transitions) {
      callbacks(plan, next, transition, said);
      switch (transition.change()) {
        // A flow that a step runs goes on to its end for nobody if its step is done by hand.
        case Change.StepCompleted done when transition.by() == null -> completed.add(done.path());
        case Change.StepCompleted ignored -> {}
        case Change.StepListening listens -> {
          listening.add(listens.path());
          said.opened.add(event(next, listens));
        }
        case Change.Crossing crossing -> crossing(plan, next, crossing, said);
        default -> {}
      }
    }
    close(plan, base, next, listening, completed, said);
    if (next.status().isFinal()) {
      ended(plan, next, said);
    }
    return said;
  }

  private void callbacks(Plan plan, Execution next, Transition transition, Said said) {
    for (String path : transition.started()) {
      if (StateMachine.awaitsAnswer(plan.at(path))) {
        StepState state = next.step(path); // null if it has ended, unmade, in this very commit
        said.opened.add(callback(next, path, state == null ? 1 : state.attempt()));
      }
    }
    if (transition.change() instanceof Change.StepWaiting waiting
        && plan.at(waiting.path()).kind() instanceof Kind.Await) {
      said.opened.add(callback(next, waiting.path(), waiting.attempt()));
    }
    if (transition.change() instanceof Change.StepRetrying again
        && plan.at(again.path()).kind() instanceof Kind.Call
        && StateMachine.awaitsAnswer(plan.at(again.path()))) {
      said.opened.add(callback(next, again.path(), again.attempt()));
    }
  }

  private Commit.Wait callback(Execution execution, String path, int attempt) {
    String token = callbacks.token(execution.id(), path, attempt);
    return new Commit.Wait(Callbacks.hash(token), path);
  }

  private byte[] hash(Execution execution, String path) {
    return Callbacks.hash(callbacks.token(execution.id(), path));
  }

  private Commit.Wait event(Execution execution, Change.StepListening listens) {
    return new Commit.Wait(
        hash(execution, listens.path()),
        listens.path(),
        "event",
        listens.type(),
        listens.key(),
        null,
        null);
  }

  // -- events and people

  private void crossing(Plan plan, Execution next, Change.Crossing change, Said said) {
    switch (change) {
      case Change.EventEmitted emitted ->
          said.posted.add(
              posted(
                  next, emitted.path(), "emitted", emitted.type(), emitted.key(), emitted.data()));
      case Change.ApprovalRequested asks -> {
        asks(plan, next, asks.path(), asks.question(), List.of(), said);
        links(next, asks.path(), (List<?>) asks.question().get("to"), said);
        notice(plan, next, asks.path(), asks.question(), "approval.requested", "", said);
      }
      case Change.ApprovalReminded again -> {
        if (next.step(again.path()).pause() instanceof Pause.Asked asked) {
          String number = ":" + again.number();
          notice(plan, next, again.path(), asked.question(), "approval.reminded", number, said);
        }
      }
      case Change.ApprovalEscalated wider -> {
        if (next.step(wider.path()).pause() instanceof Pause.Asked asked) {
          asks(plan, next, wider.path(), asked.question(), asked.votes(), said);
          links(next, wider.path(), wider.to(), said);
          notice(plan, next, wider.path(), asked.question(), "approval.escalated", "", said);
        }
      }
      case Change.StepListening ignored -> {}
      case Change.SignalReceived ignored -> {}
      case Change.SignalTaken ignored -> {}
      case Change.EventTaken ignored -> {}
      case Change.DecisionMade made -> {
        if (next.step(made.path()) != null
            && next.step(made.path()).pause() instanceof Pause.Asked asked) {
          asks(plan, next, made.path(), asked.question(), asked.votes(), said);
        }
      }
    }
  }

  /** The question for the inbox. */
  private void asks(
      Plan plan,
      Execution next,
      String path,
      Map<String, Object> question,
      List<Pause.Vote> votes,
      Said said) {
    UUID id = callbacks.approval(next.id(), path);
    Map<String, Object> about = new LinkedHashMap<>();
    about.put("flow", plan.flow());
    about.putAll(question);
    about.put("decided_by", votes.stream().<Object>map(Pause.Vote::by).toList());
    byte[] hash = hash(next, path);
    said.opened.removeIf(wait -> Arrays.equals(wait.tokenHash(), hash));
    said.opened.add(new Commit.Wait(hash, path, APPROVAL, null, null, id, Json.write(about)));
  }

  /** A link for each of those who are asked; one that has been used is not renewed. */
  private void links(Execution next, String path, List<?> people, Said said) {
    UUID id = callbacks.approval(next.id(), path);
    for (Object person : people) {
      byte[] link = Callbacks.hash(callbacks.link(next.id(), path, (String) person));
      said.opened.add(new Commit.Wait(link, path, LINK, null, (String) person, id, null));
    }
  }

  private void notice(
      Plan plan,
      Execution next,
      String path,
      Map<String, Object> question,
      String type,
      String number,
      Said said) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("approval", callbacks.approval(next.id(), path).toString());
    data.put("execution", next.id().toString());
    data.put("flow", plan.flow());
    data.put("step", path);
    data.putAll(question);
    StepState state = next.step(path);
    String which = type + number + "/" + (state == null ? 1 : state.attempt());
    said.posted.add(posted(next, path, which, type, next.id().toString(), data));
  }

  private static Commit.Posted posted(
      Execution execution, String path, String which, String type, String key, Object data) {
    UUID id = id(execution.id() + "|" + path + "|" + which);
    return new Commit.Posted(id, type, key, Json.write(data));
  }

  /** An id that follows from what it is for. */
  static UUID id(String of) {
    return UuidCreator.getNameBasedSha1(NAMESPACE, of);
  }

  // -- the end of waits

  /** Waits and children whose step goes on, or ends, without them. */
  private void close(
      Plan plan,
      Execution base,
      Execution next,
      Set<String> listening,
      Set<String> completed,
      Said said) {
    for (StepState state : base.active()) {
      Step step = plan.at(state.path());
      if (step == null || isSame(next.step(state.path()), state)) {
        continue;
      }
      switch (step.kind()) {
        case Kind.AwaitEvent ignored -> listening.add(state.path());
        case Kind.Approve ignored -> listening.add(state.path());
        case Kind.SubFlow flow when !flow.detached() && !flow.leaves() -> {
          if (!completed.contains(state.path())) {
            cancels(base, state, said);
          }
        }
        default -> {}
      }
    }
    for (String path : listening) {
      StepState state = next.step(path);
      if (next.status().isFinal() || state == null || state.pause() == null || isOver(state)) {
        byte[] hash = hash(next, path);
        said.opened.removeIf(wait -> Arrays.equals(wait.tokenHash(), hash));
        said.closed.add(hash);
      }
    }
  }

  private static boolean isSame(StepState now, StepState before) {
    return now != null && now.status().isActive() && now.attempt() == before.attempt();
  }

  private static boolean isOver(StepState state) {
    return !state.status().isActive();
  }

  private static void cancels(Execution base, StepState state, Said said) {
    UUID child = SubFlowStart.child(base.id(), state);
    said.posted.add(new Commit.Posted(id(CANCEL + "|" + child), CANCEL, child.toString(), "{}"));
  }

  // -- the end of the execution

  /** Somebody waits for the end: the execution that started it, or flows that it starts. */
  private void ended(Plan plan, Execution next, Said said) {
    boolean waitedFor =
        SubFlowStart.parent(next) != null
            || plans.mayListen(next.tenant(), Listener.completed(plan.flow()));
    if (waitedFor) {
      String id = next.id().toString();
      String which = ENDED + "|" + id + "|" + next.revision(); // it may go on, and end again
      said.posted.add(new Commit.Posted(id(which), ENDED, id, "{}"));
    }
  }
}
