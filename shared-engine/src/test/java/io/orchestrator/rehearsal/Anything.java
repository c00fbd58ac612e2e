package io.orchestrator.rehearsal;

import io.orchestrator.flow.Code;
import io.orchestrator.flow.Names;
import java.util.Set;

/** The names of the sandboxes; any other name is an adapter, too, for a page may speak of any. */
record Anything(Names known) implements Names {
  static final Anything GOES = new Anything(Rehearsed.NAMES);

  @Override
  public Meaning bare(String name) {
    Meaning meaning = known.bare(name);
    int dot = name.indexOf('.');
    return switch (meaning) {
      case Meaning.Missing missing when missing.code() == Code.AMBIGUOUS_NAME -> missing;
      case Meaning.Missing missing when dot > 0 ->
          new Meaning.Action(name.substring(0, dot), name.substring(dot + 1));
      case Meaning.Missing missing -> new Meaning.Action(name, "run");
      default -> meaning;
    };
  }

  @Override
  public Meaning definition(String name) {
    return known.definition(name);
  }

  @Override
  public Meaning call(String adapter, String action) {
    return known.call(adapter, action) instanceof Meaning.Missing missing
            && missing.code() == Code.UNKNOWN_ADAPTER
        ? new Meaning.Action(adapter, action.isEmpty() ? "run" : action)
        : known.call(adapter, action);
  }

  @Override
  public Meaning flow(String name, String range) {
    return new Meaning.SubFlow(name, "", Set.of());
  }
}
