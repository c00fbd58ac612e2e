package io.orchestrator.engine;

import io.orchestrator.expression.Json;
import io.orchestrator.store.Stored;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * How a handed-over execution is written for another process: its flow, its version and its
 * history.
 */
final class HandoverText {
  private HandoverText() {}

  static byte[] write(Handovers.Handover handover) {
    List<Object> all = new ArrayList<>();
    all.add(handover.flow());
    all.add(handover.version());
    for (Stored.Line line : handover.history()) {
      List<Object> fields = new ArrayList<>();
      fields.add((long) line.revision());
      fields.add(line.at().toString());
      fields.add(line.event());
      fields.add(line.step());
      fields.add((long) line.attempt());
      fields.add(line.data());
      fields.add(line.due() == null ? null : line.due().toString());
      all.add(fields);
    }
    return Json.write(all).getBytes(StandardCharsets.UTF_8);
  }

  static Handovers.Handover read(String tenant, UUID id, byte[] text, Sealing sealing) {
    List<?> all = (List<?>) Json.readStored(new String(text, StandardCharsets.UTF_8));
    List<Stored.Line> lines = new ArrayList<>();
    for (Object each : all.subList(2, all.size())) {
      List<?> fields = (List<?>) each;
      lines.add(
          new Stored.Line(
              ((Long) fields.get(0)).intValue(),
              Instant.parse((String) fields.get(1)),
              (String) fields.get(2),
              (String) fields.get(3),
              ((Long) fields.get(4)).intValue(),
              (String) fields.get(5),
              fields.get(6) == null ? null : Instant.parse((String) fields.get(6))));
    }
    return new Handovers.Handover(
        (String) all.get(0),
        (String) all.get(1),
        History.fold(id, tenant, lines, sealing),
        List.copyOf(lines));
  }
}
