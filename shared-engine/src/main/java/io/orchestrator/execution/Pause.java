package io.orchestrator.execution;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a step that waits for the world has asked, and been told by now. */
public sealed interface Pause {
  /**
   * It waits for an event.
   *
   * @param key null: any
   */
  record Listening(String type, String key) implements Pause {}

  /**
   * It has asked people.
   *
   * @param at when
   * @param question {@code title, to, options, quorum, form, timeout_at}; {@code to} is empty if
   *     anybody may answer
   * @param reminders how often they were reminded
   */
  record Asked(
      Instant at, Map<String, Object> question, List<Vote> votes, int reminders, boolean escalated)
      implements Pause {

    Asked voted(Vote vote) {
      List<Vote> more = new ArrayList<>(votes);
      more.add(vote);
      return new Asked(at, question, List.copyOf(more), reminders, escalated);
    }

    Asked reminded(int number) {
      return new Asked(at, question, votes, number, escalated);
    }

    Asked escalated(List<String> to) {
      Set<Object> people = new LinkedHashSet<>((List<?>) question.get("to"));
      people.addAll(to);
      Map<String, Object> wider = new LinkedHashMap<>(question);
      wider.put("to", List.copyOf(people));
      return new Asked(at, wider, votes, reminders, true);
    }

    /** What somebody has decided; null if nothing yet. */
    public Vote of(String person) {
      return votes.stream().filter(vote -> vote.by().equals(person)).findFirst().orElse(null);
    }
  }

  /**
   * What one person decided.
   *
   * @param form what came with it; null if nothing did
   */
  record Vote(String by, String decision, Object form, Instant at) {}
}
