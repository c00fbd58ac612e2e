package io.orchestrator.functions;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** A part that is made when it is first asked for. */
final class Lazy<T> implements Supplier<T> {
  private final Supplier<T> makes;
  private final ReentrantLock making = new ReentrantLock();
  private volatile T part;

  Lazy(Supplier<T> makes) {
    this.makes = makes;
  }

  @Override
  public T get() {
    T made = part;
    if (made != null) {
      return made;
    }
    making.lock();
    try {
      if (part == null) {
        part = makes.get();
      }
      return part;
    } finally {
      making.unlock();
    }
  }

  /** The part if it was ever asked for; null else. */
  T ifMade() {
    return part;
  }
}
