package io.orchestrator.expression;

/** The calls over lists that bind a name. */
enum Macro {
  MAP("map", 2),
  FILTER("filter", 1),
  ALL("all", 1),
  EXISTS("exists", 1),
  EXISTS_ONE("exists_one", 1),
  FLAT_MAP("flat_map", 1),
  SORT_BY("sort_by", 1),
  GROUP_BY("group_by", 1),
  TO_MAP("to_map", 2);

  private static final Macro[] ALL_MACROS = values();
  private final String text;
  private final int bodiesMax;

  Macro(String text, int bodiesMax) {
    this.text = text;
    this.bodiesMax = bodiesMax;
  }

  /** The macro of that name, null if there is none. */
  static Macro of(String name) {
    for (Macro macro : ALL_MACROS) {
      if (macro.text.equals(name)) {
        return macro;
      }
    }
    return null;
  }

  String text() {
    return text;
  }

  int bodiesMax() {
    return bodiesMax;
  }
}
