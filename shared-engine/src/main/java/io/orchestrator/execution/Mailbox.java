package io.orchestrator.execution;

import java.util.ArrayList;
import java.util.List;

/**
 * What was said to an execution from outside: signals that nobody has taken yet, and what it has
 * heard of before. Immutable.
 */
final class Mailbox {
  static final Mailbox EMPTY = new Mailbox(List.of(), Heard.NOTHING);

  private final List<Signal> signals;
  private final Heard heard;

  private Mailbox(List<Signal> signals, Heard heard) {
    this.signals = signals;
    this.heard = heard;
  }

  /** A signal that is kept. */
  record Signal(String id, String name, Object data) {}

  Mailbox received(Signal signal) {
    List<Signal> more = new ArrayList<>(signals);
    more.add(signal);
    return new Mailbox(more, heard).heard(signal.id());
  }

  Mailbox taken(String id) {
    List<Signal> rest = new ArrayList<>(signals);
    rest.removeIf(signal -> signal.id().equals(id));
    return new Mailbox(rest, heard);
  }

  /** An event or a signal that must not be taken a second time. */
  Mailbox heard(String id) {
    return new Mailbox(signals, heard.with(id));
  }

  boolean hasHeard(String id) {
    return heard.contains(id);
  }

  int size() {
    return signals.size();
  }

  /** The oldest signal of that name; null if there is none. */
  Signal first(String name) {
    return signals.stream().filter(signal -> signal.name().equals(name)).findFirst().orElse(null);
  }
}
