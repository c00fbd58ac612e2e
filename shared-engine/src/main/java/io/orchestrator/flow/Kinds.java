package io.orchestrator.flow;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** The kinds of steps by their key. */
final class Kinds {
  private final Map<String, KindReader> readers = new HashMap<>();

  Kinds(Values values, SpanReader spans, StepsReader steps) {
    CallReaders calls = new CallReaders(values, new PauseReaders(values, spans));
    readers.put("adapter", calls::call);
    readers.put("use", calls::use);
    readers.put("flow", calls::flow);
    BlockReaders blocks = new BlockReaders(values, steps);
    readers.put("parallel", blocks::parallel);
    readers.put("if", blocks::choice);
    readers.put("conditional", blocks::conditional);
    readers.put("switch", blocks::choose);
    readers.put("do", blocks::group);
    LoopReaders loops = new LoopReaders(values, spans, steps);
    readers.put("foreach", loops::foreach);
    readers.put("repeat", loops::repeat);
    PauseReaders pauses = new PauseReaders(values, spans);
    readers.put("wait", pauses::pause);
    readers.put("await", new AwaitReader(values, spans, pauses)::await);
    readers.put("approve", new ApproveReader(values, spans)::approve);
    DataReaders data = new DataReaders(values);
    readers.put("set", data::assign);
    readers.put("emit", data::emit);
    readers.put("assert", data::check);
    readers.put("return", data::end);
    readers.put("raise", data::raise);
  }

  /** The reader of a kind. */
  KindReader reader(String kind) {
    return readers.get(kind);
  }

  /** The kind keys of a body; a key that is an option of another kind there does not count. */
  static Set<String> in(Fields fields) {
    Set<String> kinds = new LinkedHashSet<>();
    for (String key : fields.written()) {
      if (Words.KINDS.contains(key)) {
        kinds.add(key);
      }
    }
    if (kinds.contains("adapter")) {
      kinds.remove("await");
    }
    if (kinds.contains("foreach") || kinds.contains("repeat")) {
      kinds.remove("do");
    }
    return kinds;
  }
}
