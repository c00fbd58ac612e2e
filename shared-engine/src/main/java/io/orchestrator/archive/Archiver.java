package io.orchestrator.archive;

import io.orchestrator.engine.History;
import io.orchestrator.expression.Json;
import io.orchestrator.store.ArchiveRows;
import io.orchestrator.store.Stored;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;

/**
 * Archives the histories of executions that ended long ago, as they may be shown: what a flow masks
 * is covered in it, and its seal stays behind. An execution counts as archived when its object was
 * read back and is the same; only then may it be deleted. Archiving again what was archived already
 * makes the same object.
 */
public final class Archiver {
  private static final DateTimeFormatter MONTH =
      DateTimeFormatter.ofPattern("yyyy/MM").withZone(ZoneOffset.UTC);

  /** Executions looked for at once; an object holds as many of one tenant and month. */
  private static final int BATCH = 200;

  /** An object holds at most so much text, but for one history that is longer. */
  private static final int TEXT_BYTES_MAX = 8 * 1024 * 1024;

  private static final int NAME_DIGITS = 16;

  private final ArchiveRows rows;
  private final Archive archive;

  public Archiver(ArchiveRows rows, Archive archive) {
    this.rows = rows;
    this.archive = archive;
  }

  /**
   * Archives what ended that long ago, until there is nothing left or the time is over.
   *
   * @return how many executions were archived
   * @throws ArchiveException when the archive does not keep them; they stay where they are
   */
  public int archive(Duration retention, Duration atMost) {
    long end = System.nanoTime() + atMost.toNanos();
    int archived = 0;
    List<ArchiveRows.Due> due;
    do {
      due = rows.due(retention, BATCH);
      Map<String, List<UUID>> objects = new TreeMap<>();
      due.forEach(
          one ->
              objects
                  .computeIfAbsent(
                      one.tenant() + "/" + MONTH.format(one.startedAt()), _ -> new ArrayList<>())
                  .add(one.execution()));
      objects.forEach(this::keep);
      archived += due.size();
    } while (!due.isEmpty() && System.nanoTime() - end < 0);
    return archived;
  }

  /** Keeps executions of one tenant and month, in as many objects as they need. */
  private void keep(String folder, List<UUID> ids) {
    List<Stored> members = new ArrayList<>();
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    for (UUID id : ids) {
      Stored stored = rows.read(id);
      byte[] line = (Json.write(data(stored)) + "\n").getBytes(StandardCharsets.UTF_8);
      if (text.size() + line.length > TEXT_BYTES_MAX && !members.isEmpty()) {
        keep(folder, members, text.toByteArray());
        members.clear();
        text.reset();
      }
      members.add(stored);
      text.writeBytes(line);
    }
    keep(folder, members, text.toByteArray());
  }

  private void keep(String folder, List<Stored> members, byte[] text) {
    String hash = HexFormat.of().formatHex(sha256(text)).substring(0, NAME_DIGITS);
    String name =
        "transitions/" + folder + "/" + members.getFirst().id() + "-" + hash + ".jsonl.gz";
    byte[] packed = packed(text);
    archive.put(name, packed);
    byte[] kept = archive.get(name).orElse(null);
    if (!Arrays.equals(packed, kept)) {
      throw new ArchiveException(name + " is not in the archive as it was written", null);
    }
    rows.archived(members, name);
  }

  private static Map<String, Object> data(Stored stored) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("execution", stored.id().toString());
    data.put("tenant", stored.tenant());
    data.put("flow", stored.flow());
    data.put("version", stored.version());
    data.put("status", stored.status());
    data.put("started_at", text(stored.startedAt()));
    data.put("ended_at", text(stored.endedAt()));
    data.put("transitions", stored.history().stream().map(Archiver::line).toList());
    return data;
  }

  private static Map<String, Object> line(Stored.Line line) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("revision", (long) line.revision());
    data.put("at", text(line.at()));
    data.put("event", line.event());
    data.put("step", line.step());
    data.put("attempt", (long) line.attempt());
    data.put("due", text(line.due()));
    data.put("data", Json.readStored(History.shown(line).data()));
    return data;
  }

  private static String text(Instant at) {
    return at == null ? null : at.toString();
  }

  private static byte[] packed(byte[] text) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(text);
    } catch (IOException e) {
      throw new UncheckedIOException("memory does not fail", e);
    }
    return packed.toByteArray();
  }

  private static byte[] sha256(byte[] text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
