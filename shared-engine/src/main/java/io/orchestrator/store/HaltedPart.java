package io.orchestrator.store;

import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/** The part of a commit that concerns executions which halt, or go on after they had halted. */
final class HaltedPart {
  /** Its parameters are what {@link #values} gives. */
  static final String SQL =
      """
      ), halts as (
        insert into halted as h (execution, tenant, flow, version, status, at, fingerprint, step, type, message)
        select e.id, e.tenant, e.flow, e.version, a.status, c.at, a.fingerprint, a.step, a.type, a.message
        from unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[])
            as a (execution, status, fingerprint, step, type, message)
          join written x on x.id = a.execution cross join clock c
          join (select id, tenant, flow, version from executions where id = any(?::uuid[])
            union all select id, tenant, flow, version from timed where expected = 0) e on e.id = a.execution
        on conflict (execution) do update set version = excluded.version, status = excluded.status, at = excluded.at,
          fingerprint = excluded.fingerprint, step = excluded.step, type = excluded.type, message = excluded.message
      ), goes_on as (
        delete from halted where execution = any(?::uuid[]) and execution in (select id from written)
      """;

  private HaltedPart() {}

  /** In the order of the statement. */
  static List<Object[]> values(List<Commit> commits) {
    List<Commit> halts =
        commits.stream().filter(c -> c.halted() != null && c.halted().status() != null).toList();
    List<Commit> goOn =
        commits.stream().filter(c -> c.halted() != null && c.halted().status() == null).toList();
    return List.of(
        ids(halts),
        texts(halts, Commit.Halted::status),
        texts(halts, Commit.Halted::fingerprint),
        texts(halts, Commit.Halted::step),
        texts(halts, Commit.Halted::type),
        texts(halts, Commit.Halted::message),
        ids(halts.stream().filter(c -> c.expected() > 0).toList()),
        ids(goOn));
  }

  private static UUID[] ids(List<Commit> commits) {
    return commits.stream().map(Commit::execution).toArray(UUID[]::new);
  }

  private static String[] texts(List<Commit> commits, Function<Commit.Halted, String> field) {
    return commits.stream().map(Commit::halted).map(field).toArray(String[]::new);
  }
}
