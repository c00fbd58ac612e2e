package io.orchestrator.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * Brings a group of commits into the database, whatever happens on the way: each member is stored
 * once or not at all, and a bad one does not harm its neighbours.
 */
final class CommitSender {
  private static final String COMMIT_IDS =
      """
      select t.execution, t.revision, t.commit_id, t.at
      from unnest(?::uuid[], ?::int4[]) as m (execution, revision)
        join transitions t on t.execution = m.execution and t.revision = m.revision
      where t.execution = any(?::uuid[]) and t.execution between ?::uuid and ?::uuid
      """;

  private static final String KEY =
      """
      select execution, request_hash from idempotency_keys where tenant = ? and source = ? and key = ?
      """;

  private final DataSource source;

  CommitSender(DataSource source) {
    this.source = source;
  }

  /** Settles or fails every member. */
  void send(List<Member> group) {
    Retry retry = new Retry();
    List<Member> open = group;
    while (!open.isEmpty()) {
      try (Connection connection = source.getConnection()) {
        attempt(connection, open);
      } catch (SQLException problem) {
        Faults fault = Faults.of(problem);
        if (open.size() > 1 && (fault == Faults.FATAL || fault == Faults.ROLLED_BACK)) {
          open.stream().filter(member -> !member.isDone()).forEach(member -> send(List.of(member)));
          return;
        }
        if (fault == Faults.UNKNOWN) {
          open.forEach(member -> member.unsure = true);
        }
        if (!fault.isWorthRepeating() || !retry.again()) {
          fail(open, problem);
          return;
        }
      }
      open = open.stream().filter(member -> !member.isDone()).toList();
    }
  }

  private static void fail(List<Member> members, SQLException problem) {
    for (Member member : members) {
      String outcome =
          member.unsure ? "it is unknown whether it is stored: " : "it is not stored: ";
      member.fail(
          new StoreException(
              "commit of "
                  + member.commit.execution()
                  + " failed, "
                  + outcome
                  + problem.getMessage(),
              problem));
    }
  }

  /** Sends those that are not stored already. */
  private static void attempt(Connection connection, List<Member> members) throws SQLException {
    settleStored(connection, members.stream().filter(member -> member.unsure).toList());
    List<Member> open = members.stream().filter(member -> !member.isDone()).toList();
    if (open.isEmpty()) {
      return;
    }
    CommitStatement.Answer answer = execute(connection, open);
    List<Member> refused = new ArrayList<>();
    for (Member member : open) {
      if (answer.written().contains(member.commit.execution())) {
        member.settle(new Verdict.Stored(answer.at()));
      } else {
        refused.add(member);
      }
    }
    // A statement that was given up may have been finished by the server a moment before its
    // repetition.
    settleStored(connection, refused.stream().filter(member -> member.unsure).toList());
    for (Member member : refused) {
      if (!member.isDone()) {
        refusal(connection, member.commit).ifPresent(member::settle);
      }
    }
  }

  private static CommitStatement.Answer execute(Connection connection, List<Member> open)
      throws SQLException {
    Member first = open.getFirst();
    if (first.repair != null) { // such a one is never sent with others
      return RepairStatement.execute(connection, first);
    }
    return LoneStatement.fits(open)
        ? LoneStatement.execute(connection, first)
        : CommitStatement.execute(connection, open);
  }

  /**
   * Settles the members that an earlier attempt has stored: the row is there and carries their
   * commit id.
   */
  private static void settleStored(Connection connection, List<Member> members)
      throws SQLException {
    if (members.isEmpty()) {
      return;
    }
    UUID[] ids =
        members.stream()
            .map(member -> member.commit.execution())
            .sorted(Sql.ID_ORDER)
            .toArray(UUID[]::new);
    Map<UUID, Member> byId = new HashMap<>();
    members.forEach(member -> byId.put(member.commit.execution(), member));
    Integer[] revisions = new Integer[ids.length];
    for (int i = 0; i < ids.length; i++) {
      revisions[i] = byId.get(ids[i]).commit.expected() + 1;
    }
    record Found(UUID execution, long commitId, Instant at) {}
    List<Found> found =
        Sql.list(
            connection,
            COMMIT_IDS,
            row ->
                new Found(
                    Sql.uuid(row, "execution"), row.getLong("commit_id"), Sql.instant(row, "at")),
            ids,
            connection.createArrayOf("int4", revisions),
            ids,
            ids[0],
            ids[ids.length - 1]);
    for (Found row : found) {
      Member member = byId.get(row.execution);
      if (member.commitId == row.commitId) {
        member.settle(new Verdict.Stored(row.at));
      }
    }
  }

  /**
   * Why a commit was not written. Empty if its key has vanished meanwhile, then it is to be sent
   * again.
   */
  private static Optional<Verdict> refusal(Connection connection, Commit commit)
      throws SQLException {
    Commit.IdempotencyKey key = commit.opening() == null ? null : commit.opening().key();
    if (key == null) {
      return Optional.of(new Verdict.Lost());
    }
    return Sql.first(
        connection,
        KEY,
        row -> duplicate(commit, Sql.uuid(row, "execution"), row.getBytes("request_hash")),
        commit.opening().tenant(),
        key.source(),
        key.key());
  }

  private static Verdict duplicate(Commit commit, UUID execution, byte[] requestHash) {
    return execution.equals(commit.execution())
        ? new Verdict.Lost()
        : new Verdict.Duplicate(
            execution, java.util.Arrays.equals(requestHash, commit.opening().key().requestHash()));
  }
}
