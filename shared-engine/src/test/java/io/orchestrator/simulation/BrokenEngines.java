package io.orchestrator.simulation;

import io.orchestrator.execution.Execution;
import io.orchestrator.execution.Notation;
import io.orchestrator.store.Commit;
import io.orchestrator.store.ExecutionStore;
import io.orchestrator.store.MemoryExecutionStore;
import io.orchestrator.store.Stored;
import io.orchestrator.store.Turn;
import io.orchestrator.store.Verdict;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.WeakHashMap;
import java.util.function.UnaryOperator;

/** Engines that lack one of the things that keep them right. */
enum BrokenEngines implements World.Breakage {
  /** A commit is stored whatever has happened since it was decided. */
  NO_REVISION_CHECK {
    @Override
    public ExecutionStore of(MemoryExecutionStore store) {
      return changed(store, commit -> late(store, commit, true), UnaryOperator.identity());
    }
  },
  /** The reason to look again is taken away before the work is stored that it stood for. */
  DELETE_BEFORE_COMMIT {
    @Override
    public ExecutionStore of(MemoryExecutionStore store) {
      return changed(store, commit -> store.commit(unattended(commit)), UnaryOperator.identity());
    }
  },
  /** What was read once is taken for what is stored. */
  REDIS_TRUSTED {
    @Override
    public ExecutionStore of(MemoryExecutionStore store) {
      Map<UUID, Stored> cached = new HashMap<>();
      return changed(
          store, store::commit, stored -> cached.computeIfAbsent(stored.id(), id -> stored));
    }
  },
  /** A lost race is taken for a won one. */
  FENCE_NOT_CHECKED {
    @Override
    public ExecutionStore of(MemoryExecutionStore store) {
      return changed(
          store,
          commit ->
              store.commit(commit) instanceof Verdict.Stored stored
                  ? stored
                  : new Verdict.Stored(store.now()),
          UnaryOperator.identity());
    }
  },
  /** A wait stays open when it is answered. */
  CALLBACK_REUSABLE {
    @Override
    public ExecutionStore of(MemoryExecutionStore store) {
      return changed(
          store,
          commit -> store.commit(with(commit, commit.expected(), commit.head(), null)),
          UnaryOperator.identity());
    }
  },
  /** A branch that loses the race to its sibling is stored as it was decided. */
  JOIN_WITHOUT_GUARD {
    @Override
    public ExecutionStore of(MemoryExecutionStore store) {
      return changed(store, commit -> late(store, commit, false), UnaryOperator.identity());
    }
  },
  /** Whoever takes a hint begins to count the attempts again. */
  RETRY_COUNTER_RESET_BY_REDELIVERY {
    @Override
    public ExecutionStore of(MemoryExecutionStore store) {
      return changed(store, store::commit, BrokenEngines::uncounted);
    }
  },
  /** The head row is committed first and the history after it. */
  HISTORY_IN_A_SECOND_TRANSACTION {
    private final Map<MemoryExecutionStore, Set<Integer>> unwritten = new WeakHashMap<>();

    @Override
    public ExecutionStore of(MemoryExecutionStore store) {
      Set<Integer> missing = unwritten.computeIfAbsent(store, s -> new HashSet<>());
      Set<Integer> mine = new HashSet<>();
      return intercepted(
          store,
          (method, arguments, original) -> {
            missing.removeAll(mine); // it lived to make the second one
            mine.clear();
            Object result = original.get();
            if (result instanceof Verdict.Stored && arguments[0] instanceof Commit commit) {
              for (int i = 1; i <= commit.rows().size(); i++) {
                mine.add(commit.expected() + i);
              }
              missing.addAll(mine);
            }
            return method.equals("load") ? map(result, stored -> without(stored, missing)) : result;
          });
    }
  },
  /** Whoever has decided may decide again, and counts twice. */
  DECISION_COUNTED_TWICE {
    @Override
    public ExecutionStore of(MemoryExecutionStore store) {
      return changed(store, store::commit, stored -> folded(stored, BrokenEngines::bySomebodyElse));
    }
  },
  /** An execution that is paused goes on. */
  PAUSED_MOVES_ON {
    @Override
    public ExecutionStore of(MemoryExecutionStore store) {
      return changed(store, store::commit, stored -> folded(stored, BrokenEngines::unpaused));
    }
  },
  /** A sub-flow that its parent gives up is not cancelled. */
  CHILD_NOT_CANCELLED {
    @Override
    public ExecutionStore of(MemoryExecutionStore store) {
      return changed(
          store, commit -> store.commit(silent(commit, "$cancel")), UnaryOperator.identity());
    }
  },
  /** A parent does not hear how its sub-flow has ended. */
  END_OF_CHILD_NOT_TOLD {
    @Override
    public ExecutionStore of(MemoryExecutionStore store) {
      return changed(
          store, commit -> store.commit(silent(commit, "$ended")), UnaryOperator.identity());
    }
  },
  /** Everybody gets a turn who asks for one. */
  TURN_FOR_EVERYBODY {
    @Override
    public ExecutionStore of(MemoryExecutionStore store) {
      return intercepted(
          store,
          (method, arguments, original) ->
              method.equals("takeTurn") ? new Turn.Taken() : original.get());
    }
  },
  /** The budget is looked at when the call has been made. */
  BUDGET_COUNTED_AFTER_THE_CALL {
    @Override
    public ExecutionStore of(MemoryExecutionStore store) {
      return store;
    }

    @Override
    public Map<String, Object> flows(Map<String, Object> bundle) {
      Map<String, Object> flows = new LinkedHashMap<>();
      bundle.forEach((name, tree) -> flows.put(name, withOneMoreStep((Map<?, ?>) tree)));
      return flows;
    }
  },
  /** What is to be hidden is stored as it is. */
  MASK_FORGOTTEN {
    @Override
    public ExecutionStore of(MemoryExecutionStore store) {
      return store;
    }

    @Override
    public Map<String, Object> flows(Map<String, Object> bundle) {
      Map<String, Object> flows = new LinkedHashMap<>();
      bundle.forEach(
          (name, tree) -> {
            Map<Object, Object> open = new LinkedHashMap<>((Map<?, ?>) tree);
            open.remove("mask");
            flows.put(name, open);
          });
      return flows;
    }
  };

  @FunctionalInterface
  private interface Original {
    Object get() throws Throwable;
  }

  @FunctionalInterface
  private interface Call {
    Object answer(String method, Object[] arguments, Original original) throws Throwable;
  }

  @FunctionalInterface
  private interface Committing {
    Verdict commit(Commit commit);
  }

  private static ExecutionStore intercepted(MemoryExecutionStore store, Call call) {
    return (ExecutionStore)
        Proxy.newProxyInstance(
            BrokenEngines.class.getClassLoader(),
            new Class<?>[] {ExecutionStore.class},
            (proxy, method, arguments) ->
                call.answer(
                    method.getName(),
                    arguments,
                    () -> {
                      try {
                        return method.invoke(store, arguments);
                      } catch (InvocationTargetException e) {
                        throw e.getCause();
                      }
                    }));
  }

  private static ExecutionStore changed(
      MemoryExecutionStore store, Committing committing, UnaryOperator<Stored> loading) {
    return intercepted(
        store,
        (method, arguments, original) ->
            switch (method) {
              case "commit" -> committing.commit((Commit) arguments[0]);
              case "load" -> map(original.get(), loading);
              default -> original.get();
            });
  }

  private static Optional<Stored> map(Object loaded, UnaryOperator<Stored> change) {
    return ((Optional<?>) loaded).map(stored -> change.apply((Stored) stored));
  }

  /** Stored in spite of a lost race, if that is about anything or about a branch. */
  private static Verdict late(MemoryExecutionStore store, Commit commit, boolean anything) {
    Verdict verdict = store.commit(commit);
    boolean wanted =
        anything
            || commit.rows().stream().anyMatch(row -> String.valueOf(row.step()).contains("/"));
    if (!(verdict instanceof Verdict.Lost) || !wanted) {
      return verdict;
    }
    int now = store.load(commit.execution()).orElseThrow().revision();
    return store.commit(with(commit, now, commit.head(), null));
  }

  private static Commit unattended(Commit commit) {
    Commit.Head head = commit.head();
    Commit.Head deaf = new Commit.Head(head.status(), head.state(), null, null, null, head.ended());
    return with(commit, commit.expected(), deaf, commit.answered());
  }

  private static Commit with(
      Commit commit, int expected, Commit.Head head, Commit.Answered answered) {
    return new Commit(
        commit.execution(),
        expected,
        head,
        commit.rows(),
        commit.opened(),
        answered,
        commit.opening(),
        commit.closed(),
        commit.posted(),
        commit.tenant(),
        commit.searched());
  }

  /** A commit that posts nothing of a type. */
  private static Commit silent(Commit commit, String type) {
    return new Commit(
        commit.execution(),
        commit.expected(),
        commit.head(),
        commit.rows(),
        commit.opened(),
        commit.answered(),
        commit.opening(),
        commit.closed(),
        commit.posted().stream().filter(posted -> !posted.type().equals(type)).toList(),
        commit.tenant(),
        commit.searched());
  }

  private static Map<String, Object> withOneMoreStep(Map<?, ?> tree) {
    Map<String, Object> flow = new LinkedHashMap<>();
    tree.forEach((key, value) -> flow.put((String) key, value));
    if (flow.get("budget") instanceof Map<?, ?> budget
        && budget.get("steps") instanceof Long steps) {
      Map<Object, Object> wider = new LinkedHashMap<>(budget);
      wider.put("steps", steps + 1);
      flow.put("budget", wider);
    }
    return flow;
  }

  // -- histories that say something else

  private static Stored uncounted(Stored stored) {
    return folded(
        stored,
        line ->
            line.event().equals("step_retrying") ? of(line, line.event(), 1, line.data()) : line);
  }

  private static Stored.Line bySomebodyElse(Stored.Line line) {
    return line.event().equals("decision_made")
        ? of(
            line,
            line.event(),
            line.attempt(),
            line.data().replace("\"by\":\"", "\"by\":\"" + line.revision()))
        : line;
  }

  private static Stored.Line unpaused(Stored.Line line) {
    return line.event().equals("execution_paused")
        ? of(line, "execution_resumed", line.attempt(), "{}")
        : line;
  }

  private static Stored.Line of(Stored.Line line, String event, int attempt, String data) {
    return new Stored.Line(
        line.revision(), line.at(), event, line.step(), attempt, data, line.due());
  }

  /** What is stored, with other lines and what they add up to. */
  private static Stored folded(Stored stored, UnaryOperator<Stored.Line> change) {
    List<Stored.Line> lines = new ArrayList<>();
    Execution folded = Execution.blank(stored.id(), stored.tenant());
    for (Stored.Line before : stored.history()) {
      Stored.Line line = change.apply(before);
      lines.add(line);
      Duration delay = line.due() == null ? null : Duration.between(line.at(), line.due());
      folded =
          folded.after(
              Notation.read(
                  new Notation.Written(
                      line.event(), line.step(), line.attempt(), line.data(), delay)),
              line.at());
    }
    return with(stored, folded.status().text(), folded.frontier(), lines);
  }

  private static Stored without(Stored stored, Set<Integer> missing) {
    return with(
        stored,
        stored.status(),
        stored.state(),
        stored.history().stream().filter(line -> !missing.contains(line.revision())).toList());
  }

  private static Stored with(
      Stored stored, String status, String state, List<Stored.Line> history) {
    return new Stored(
        stored.id(),
        stored.tenant(),
        stored.flow(),
        stored.version(),
        status,
        stored.revision(),
        state,
        stored.dueAt(),
        stored.owner(),
        stored.leaseUntil(),
        stored.strikes(),
        stored.traceparent(),
        stored.startedAt(),
        stored.endedAt(),
        stored.readAt(),
        history);
  }
}
