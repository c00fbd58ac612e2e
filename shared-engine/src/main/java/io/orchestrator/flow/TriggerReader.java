package io.orchestrator.flow;

import io.orchestrator.expression.Nearest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Reads {@code trigger} and {@code triggers}. */
final class TriggerReader {
  static final Pattern PATH = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]*");
  private static final Pattern EVENT = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,99}");
  private static final List<String> SHAPES = List.of("webhook", "schedule", "event", "completed");
  static final List<String> ENDS =
      List.of(
          "completed", "failed", "cancelled", "timed_out", "compensated", "compensation_failed");

  /** When the sender of a request is answered. */
  enum Respond {
    ASYNC,
    SYNC
  }

  private final Values values;
  private final Problems problems;

  TriggerReader(Values values) {
    this.values = values;
    this.problems = values.problems();
  }

  /** All triggers of a flow. */
  List<Trigger> read(Node one, Node many, String flow) {
    List<Trigger> triggers = new ArrayList<>();
    if (one instanceof Node.Scalar scalar && scalar.value() instanceof String text) {
      if (text.equals("webhook.received")) {
        triggers.add(
            new Trigger.Webhook(one.spot(), flow, new Verify.Token(), null, null, null, null));
      } else {
        values.badWord(one, "trigger", text, List.of("webhook.received"));
      }
    } else if (one != null) {
      add(one, flow, triggers);
    }
    if (many instanceof Node.Sequence list) {
      if (list.items().isEmpty()) {
        problems.error(Code.EMPTY, list.spot(), "triggers is an empty list", "");
      }
      list.items().forEach(item -> add(item, flow, triggers));
    } else if (many != null) {
      values.wrongType(many, "triggers", "a list");
    }
    return triggers;
  }

  private void add(Node node, String flow, List<Trigger> triggers) {
    if (!(node instanceof Node.Mapping map)) {
      values.wrongType(node, "a trigger", "a map with one key");
      return;
    }
    if (map.entries().size() != 1) {
      problems.error(
          Code.BAD_VALUE,
          map.spot(),
          "a trigger is a map with one key",
          "one of " + String.join(", ", SHAPES));
      return;
    }
    String key = map.entries().keySet().iterator().next();
    Node.Entry entry = map.entries().get(key);
    if (!SHAPES.contains(key)) {
      problems.error(
          Code.UNKNOWN_KEY,
          entry.spot(),
          "there is no trigger '" + key + "'",
          Nearest.hint(key, SHAPES));
      return;
    }
    Fields fields = values.fields(entry.value(), key);
    if (fields == null) {
      return;
    }
    Trigger trigger =
        switch (key) {
          case "webhook" -> webhook(fields, flow);
          case "schedule" -> schedule(fields);
          case "event" -> occurrence(fields);
          default -> completion(fields);
        };
    fields.finish();
    if (trigger != null) {
      triggers.add(trigger);
    }
  }

  private Trigger webhook(Fields fields, String flow) {
    Node pathNode = fields.take("path");
    String path = pathNode == null ? flow : values.text(pathNode, "path");
    if (pathNode != null
        && path != null
        && (!PATH.matcher(path).matches() || path.length() > 200)) {
      problems.error(
          Code.BAD_VALUE,
          pathNode.spot(),
          "'" + path + "' cannot be a path",
          "one segment of letters, digits, . _ and -");
    }
    Verify verify = new VerifyReader(values).read(fields.take("verify"));
    if (verify instanceof Verify.Open) {
      problems.warning(
          Code.OPEN_WEBHOOK,
          fields.key("verify"),
          "anybody who knows the address can start this flow",
          "");
    }
    return new Trigger.Webhook(
        fields.spot(),
        path,
        verify,
        values.condition(fields.take("filter"), "filter"),
        values.expression(fields.take("dedupe"), "dedupe"),
        values.data(fields.take("input")),
        respondWithin(fields.take("respond")));
  }

  /** How long a sender waits for the end of what it has started; null: not at all. */
  private Duration respondWithin(Node node) {
    if (node instanceof Node.Mapping map) {
      Fields fields = new Fields(map, "respond", problems);
      Node sync = fields.need("sync", "respond: {sync: 10s}");
      Duration within = new SpanReader(values).fixed(sync, "sync");
      fields.finish();
      if (within != null && (within.isZero() || within.compareTo(FlowLimits.RESPOND_MAX) > 0)) {
        problems.error(
            Code.BAD_DURATION,
            sync.spot(),
            "sync must be more than nothing and at most "
                + FlowLimits.RESPOND_MAX.toSeconds()
                + "s",
            "what takes longer is answered 202");
      }
      return within;
    }
    Respond respond = values.word(node, "respond", Respond.class);
    return respond == Respond.SYNC ? FlowLimits.RESPOND_DEFAULT : null;
  }

  private Trigger schedule(Fields fields) {
    Node cronNode = fields.need("cron", "five fields: cron: \"0 9 * * MON-FRI\"");
    String cron = values.text(cronNode, "cron");
    if (cron != null && cron.strip().split("\\s+").length != 5) {
      problems.error(
          Code.BAD_VALUE,
          cronNode.spot(),
          "'" + cron + "' is not a schedule",
          "five fields: 0 9 * * MON-FRI");
    } else if (cron != null && Cron.read(cron) instanceof Cron.Reading.Unreadable wrong) {
      problems.error(
          Code.BAD_CRON,
          cronNode.spot(),
          "'" + cron + "' is not a schedule: " + wrong.why(),
          "minute hour day month weekday: 0 9 * * MON-FRI");
    }
    Node zoneNode = fields.take("timezone");
    String zone = zoneNode == null ? "UTC" : values.text(zoneNode, "timezone");
    if (zone != null && !isZone(zone)) {
      problems.error(
          Code.UNKNOWN_TIMEZONE,
          zoneNode.spot(),
          "there is no time zone '" + zone + "'",
          "an IANA name: Europe/Berlin");
    }
    Trigger.Overlap overlap = values.word(fields.take("overlap"), "overlap", Trigger.Overlap.class);
    Trigger.Catchup catchup = values.word(fields.take("catchup"), "catchup", Trigger.Catchup.class);
    return new Trigger.Schedule(
        fields.spot(),
        cron,
        zone,
        overlap == null ? Trigger.Overlap.ALLOW : overlap,
        catchup == null ? Trigger.Catchup.NONE : catchup,
        values.data(fields.take("input")));
  }

  private static boolean isZone(String zone) {
    try {
      return ZoneId.of(zone) != null;
    } catch (DateTimeException e) {
      return false;
    }
  }

  private Trigger occurrence(Fields fields) {
    Node typeNode = fields.need("type", "");
    String type = values.text(typeNode, "type");
    if (type != null && !EVENT.matcher(type).matches()) {
      problems.error(
          Code.BAD_VALUE,
          typeNode.spot(),
          "'" + type + "' cannot be a type of events",
          "letters, digits, _ . and -, a letter first: order.imported");
    }
    return new Trigger.Occurrence(
        fields.spot(),
        type,
        values.condition(fields.take("filter"), "filter"),
        values.data(fields.take("input")));
  }

  private Trigger completion(Fields fields) {
    String flow = values.name(fields.need("flow", ""), "a flow", Words::isName);
    Node statusNode = fields.take("status");
    List<String> statuses =
        statusNode == null ? List.of("completed") : values.texts(statusNode, "status");
    for (String status : statuses) {
      if (!ENDS.contains(status)) {
        values.badWord(statusNode, "status", status, ENDS);
      }
    }
    return new Trigger.Completion(fields.spot(), flow, statuses, values.data(fields.take("input")));
  }
}
