package io.orchestrator.catalog;

import io.orchestrator.engine.Engine;
import io.orchestrator.engine.Start;
import io.orchestrator.engine.StartRequest;
import io.orchestrator.expression.ExpressionException;
import io.orchestrator.expression.Scope;
import io.orchestrator.expression.Sha256;
import io.orchestrator.flow.Trigger;
import io.orchestrator.store.Commit;
import io.orchestrator.store.ScheduleRows;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts what schedules are due to start. What is to be started is decided first and stored, fenced
 * by the row's revision; then each instant starts one execution, by its idempotency key. So any
 * number of processes may do this at once, and any of them may be lost at any point.
 */
public final class Timetable {
  private static final Logger LOG = LoggerFactory.getLogger(Timetable.class);

  /** If this process is lost, another one looks again after that time. */
  private static final Duration TAKEOVER = Duration.ofSeconds(30);

  /** How often it is asked whether the execution has ended that the next one waits for. */
  private static final Duration ASKS = Duration.ofSeconds(2);

  /** An instant that has been dealt with is never looked at again; this is for a frozen process. */
  private static final Duration KEYS_KEPT = Duration.ofDays(7);

  private static final int LIVING_MAX = 100;

  private final Catalog catalog;
  private final ScheduleRows rows;
  private final Function<StartRequest, Start> starts;

  public Timetable(Catalog catalog, ScheduleRows rows, Engine engine) {
    this(catalog, rows, engine::start);
  }

  Timetable(Catalog catalog, ScheduleRows rows, Function<StartRequest, Start> starts) {
    this.catalog = catalog;
    this.rows = rows;
    this.starts = starts;
  }

  /** Looks after the schedules with those ids. Returns how many executions they have started. */
  public int attend(List<UUID> ids) {
    int started = 0;
    for (ScheduleRows.Row row : ids.isEmpty() ? List.<ScheduleRows.Row>of() : rows.look(ids)) {
      try {
        started += attend(row);
      } catch (RuntimeException broken) {
        LOG.error("The schedule {} of {} is looked at again", row.name(), row.flow(), broken);
      }
    }
    return started;
  }

  private int attend(ScheduleRows.Row row) {
    DueTimes times = written(row).get(row.name());
    if (times == null) {
      LOG.error("The version {} of {} has no {}", row.version(), row.flow(), row.name());
      return 0;
    }
    DueTimes.Decided decided = times.decide(row);
    if (decided.missed() > 0) {
      LOG.info("{} times of {} of {} start nothing", decided.missed(), row.name(), row.flow());
    }
    ScheduleRows.Row kept = rows.keep(decided.row(), dueAt(times, decided.row()));
    return kept == null ? 0 : start(times, kept);
  }

  private int start(DueTimes times, ScheduleRows.Row row) {
    ScheduleRows.Row now = row;
    int started = 0;
    while (mayStart(times, now)) {
      UUID execution = start(times, now, now.pending().getFirst());
      started += execution == null ? 0 : 1;
      now = now.started(execution, LIVING_MAX);
    }
    if (!now.equals(row) && rows.keep(now, dueAt(times, now)) == null) {
      LOG.warn("Somebody else has looked after {} of {}", row.name(), row.flow());
    }
    return started;
  }

  private static boolean mayStart(DueTimes times, ScheduleRows.Row row) {
    if (row.pending().isEmpty()) {
      return false;
    }
    return switch (times.schedule().overlap()) {
      case ALLOW, SKIP -> true; // what overlaps was not decided to start
      case QUEUE -> row.living().isEmpty();
    };
  }

  private static Instant dueAt(DueTimes times, ScheduleRows.Row row) {
    if (mayStart(times, row)) {
      return row.now().plus(TAKEOVER);
    }
    Instant asks = row.now().plus(ASKS);
    boolean first =
        row.nextAt() != null && row.nextAt().isAfter(row.now()) && row.nextAt().isBefore(asks);
    return row.pending().isEmpty() || first ? row.nextAt() : asks;
  }

  /** The execution that an instant has started; null if it starts none. */
  private UUID start(DueTimes times, ScheduleRows.Row row, Instant at) {
    Map<String, Object> trigger = trigger(times.schedule(), at);
    String once = row.name() + " at " + at;
    Commit.IdempotencyKey key =
        new Commit.IdempotencyKey(
            "schedule:" + row.flow(), once, HexFormat.of().parseHex(Sha256.hex(once)), KEYS_KEPT);
    Start start;
    try {
      Object input = input(times.schedule(), trigger, at, once);
      start = starts.apply(new StartRequest(row.tenant(), row.flow(), null, input, trigger, key));
    } catch (ExpressionException broken) {
      LOG.warn("{} is not started by {}: {}", row.flow(), once, broken.getMessage());
      return null;
    }
    return switch (start) {
      case Start.Accepted accepted -> accepted.id();
      case Start.Repeated repeated -> repeated.id();
      case Start.KeyReused _, Start.NoSuchFlow _, Start.NoRoom _, Start.BadInput _ -> {
        LOG.warn("{} is not started by {}: {}", row.flow(), once, start);
        yield null;
      }
    };
  }

  private static Map<String, Object> trigger(Trigger.Schedule schedule, Instant at) {
    Map<String, Object> trigger = new LinkedHashMap<>();
    trigger.put("type", "schedule");
    trigger.put("scheduled_at", at.toString());
    trigger.put("cron", schedule.cron());
    trigger.put("timezone", schedule.timezone());
    return trigger;
  }

  private static Object input(
      Trigger.Schedule schedule, Map<String, Object> trigger, Instant at, String seed) {
    return schedule.input() == null
        ? Map.of()
        : schedule
            .input()
            .template()
            .fill(new Scope(name -> name.equals("trigger") ? trigger : null, at, seed));
  }

  // -- what versions say

  /** The schedules of a version by their name; equal ones are told apart by their order. */
  private Map<String, DueTimes> written(ScheduleRows.Row row) {
    return catalog
        .published(row.tenant(), row.flow(), row.version())
        .map(published -> named(published.triggers()))
        .orElse(Map.of());
  }

  private static Map<String, DueTimes> named(List<Trigger> triggers) {
    Map<String, DueTimes> named = new LinkedHashMap<>();
    for (Trigger trigger : triggers) {
      if (trigger instanceof Trigger.Schedule schedule) {
        DueTimes times = DueTimes.of(schedule);
        String name = times.name();
        for (int i = 2; named.containsKey(name); i++) {
          name = times.name() + " #" + i;
        }
        named.put(name, times);
      }
    }
    return named;
  }

  /** As rows are made of them. */
  static List<ScheduleRows.Written> rows(List<Trigger> triggers) {
    List<ScheduleRows.Written> rows = new ArrayList<>();
    named(triggers)
        .forEach(
            (name, times) -> {
              Trigger.Schedule schedule = times.schedule();
              rows.add(
                  new ScheduleRows.Written(
                      name,
                      schedule.cron(),
                      schedule.timezone(),
                      word(schedule.overlap()),
                      word(schedule.catchup()),
                      times::after));
            });
    return rows;
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
