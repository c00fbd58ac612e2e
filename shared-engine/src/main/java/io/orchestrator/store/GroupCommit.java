package io.orchestrator.store;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Lets commits of one moment share a statement. It has no threads: a caller that finds a
 * committer's place free sends what is queued, its own commit among it, and the others wait for it.
 * So a lone commit goes at once, and under load the groups grow by themselves.
 */
final class GroupCommit {
  private final Consumer<List<Member>> sender;
  private final int groupMax;
  private final Semaphore turn = new Semaphore(1);
  private final Semaphore spare;
  private final ConcurrentLinkedQueue<Member> queue = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final ReentrantLock draining = new ReentrantLock();

  /**
   * Sends groups by {@code sender}, which settles or fails every member; a member that it forgets
   * fails.
   *
   * @param committers groups under way at once. Beyond the first they are for half a group that
   *     gathers while another is on its way, so that deciding and storing overlap (a quarter more
   *     steps a second, measured), and for commits that have waited too long, behind a lock or a
   *     slow disk. Smaller groups side by side cost a third more
   */
  GroupCommit(Consumer<List<Member>> sender, int committers, int groupMax) {
    this.sender = sender;
    this.groupMax = groupMax;
    this.spare = new Semaphore(committers - 1);
  }

  /** Waits until the commit is stored, lost or failed. */
  Verdict commit(Commit commit) {
    Member own = new Member(commit);
    queue.add(own);
    waiting.incrementAndGet();
    long patience = System.nanoTime() + Limits.GROUP_WAIT_MAX.toNanos();
    boolean interrupted = false;
    while (!own.isDone()) {
      Semaphore place = own.isTaken() ? null : free(patience);
      if (place != null) {
        sendNext(place);
      } else if (own.isTaken()) {
        LockSupport.park(this);
      } else {
        LockSupport.parkNanos(this, Limits.GROUP_WAIT_MAX.toNanos());
      }
      // Interrupting a caller must not make it forget a commit that may already be stored.
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return own.verdict();
  }

  /** The place that this caller may take now; null if there is none. */
  private Semaphore free(long patience) {
    if (turn.tryAcquire()) {
      return turn;
    }
    return (waiting.get() >= groupMax / 2 || System.nanoTime() >= patience) && spare.tryAcquire()
        ? spare
        : null;
  }

  private void sendNext(Semaphore place) {
    List<Member> group = List.of();
    try {
      group = drain();
      if (!group.isEmpty()) {
        sender.accept(group);
      }
    } catch (RuntimeException | Error problem) {
      StoreException failed =
          new StoreException("sending a group of commits failed: " + problem.getMessage(), problem);
      group.forEach(member -> member.fail(failed));
    } finally {
      for (Member member : group) {
        if (!member.isDone()) {
          member.fail(
              new StoreException(
                  "the sender forgot the commit of " + member.commit.execution(), null));
        }
      }
      place.release();
      // Whoever has come meanwhile found no place; the first of them takes the one that is free
      // now.
      Member next = queue.peek();
      if (next != null) {
        next.wake();
      }
    }
  }

  /**
   * Takes the next group, in order of arrival; a commit that shares a row with one before it stays
   * for the next.
   */
  private List<Member> drain() {
    List<Member> group = new ArrayList<>();
    Set<Object> rows = new HashSet<>();
    draining.lock();
    try {
      Iterator<Member> waiting = queue.iterator();
      while (waiting.hasNext() && group.size() < groupMax) {
        Member member = waiting.next();
        boolean free = true;
        for (Object row : member.rows()) {
          free &= rows.add(row);
        }
        if (free) {
          waiting.remove();
          member.take();
          group.add(member);
          this.waiting.decrementAndGet();
        }
      }
    } finally {
      draining.unlock();
    }
    return group;
  }
}
