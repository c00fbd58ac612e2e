package io.orchestrator.flow;

import java.util.Locale;

/** What can be wrong with a definition. The texts of the codes are stable: clients act on them. */
public enum Code {
  // How it is written.
  TOO_LARGE(Level.TEXT, "The text is larger than 256 KiB."),
  ENCODING(
      Level.TEXT,
      "The text is not well-formed UTF-8, or a value holds NUL or half a surrogate pair."),
  SYNTAX(Level.TEXT, "The text is neither YAML 1.2 nor JSON."),
  EMPTY(true, "The text, a list or a map that must have something in it is empty."),
  TOO_DEEP(Level.TEXT, "Maps and lists are nested more than 32 levels deep."),
  DUPLICATE_KEY(Level.TEXT, "A map has the same key twice."),
  KEY_NOT_TEXT(Level.TEXT, "A key of a map is not a text."),
  TAG(Level.TEXT, "YAML tags are not allowed; a leading `!` makes one."),
  ANCHOR(Level.TEXT, "YAML anchors and aliases are not allowed."),
  MERGE_KEY(Level.TEXT, "YAML merge keys (`<<`) are not allowed."),
  DIRECTIVE(Level.TEXT, "YAML directives (`%`) are not allowed."),
  SECOND_DOCUMENT(Level.TEXT, "The text holds more than one YAML document."),
  NUMBER(Level.TEXT, "A number has over 40 digits, an exponent over 308, or is not finite."),
  // How it is built.
  WRONG_TYPE(true, "A value is of another type than its key needs."),
  UNKNOWN_KEY(true, "The language has no such key at this place."),
  MISSING_KEY(true, "A key that is needed is missing."),
  BAD_VALUE(true, "A value is not one of those that its key takes."),
  BAD_NAME(
      true,
      "A name of a flow, an adapter, an action, a definition or a variable is not well formed."),
  BAD_ID(true, "The id of a step is not well formed."),
  BAD_VERSION(true, "The version is not a semantic version."),
  BAD_DURATION(true, "A duration is not well formed or out of range."),
  BAD_SCHEMA(true, "An input schema is neither the shorthand nor JSON Schema."),
  RESERVED_NAME(true, "A step's id is a word of the language."),
  DUPLICATE_ID(false, "Two steps have the same id, or two tests the same name."),
  NO_KIND(true, "A step does not say what it does."),
  TWO_KINDS(true, "A step says more than one thing to do."),
  TOO_MANY_STEPS(false, "The flow has more than 50 steps."),
  TOO_NESTED(false, "Steps are nested more than 8 levels deep."),
  UNSUPPORTED(
      false, "A part of a definition, or of a document that it names, is beyond this version."),
  // What it means.
  EXPRESSION(false, "An expression cannot be parsed."),
  NOT_BOOLEAN(false, "A condition can never be true or false."),
  UNKNOWN_REFERENCE(false, "An expression names something that does not exist."),
  STEP_NOT_RUN(false, "An expression names a step that cannot have run at that point."),
  SIBLING_BRANCH(false, "An expression names a step of another branch of the same parallel."),
  MISPLACED_REFERENCE(false, "An expression names something that exists, but not at this place."),
  UNKNOWN_FIELD(false, "An expression reads a field that its schema does not have."),
  TYPE_ERROR(false, "An expression can never be evaluated: the types of its parts do not fit."),
  NEVER_EQUAL(false, "Two values of different types are compared, so that they are never equal."),
  UNKNOWN_VARIABLE(false, "A variable is read that is never set."),
  UNKNOWN_ERROR_TYPE(
      false, "An error handler or a retry names a type of error that nothing in the flow raises."),
  BAD_CRON(
      false, "A field of a schedule is not well formed or out of range, or its time never comes."),
  UNKNOWN_TIMEZONE(false, "There is no time zone of that name."),
  UNKNOWN_STEP(false, "A bare name is no definition, library step, adapter, action or flow."),
  AMBIGUOUS_NAME(false, "A bare name is an action of more than one adapter."),
  UNKNOWN_ADAPTER(false, "There is no adapter of that name."),
  UNKNOWN_ACTION(false, "The adapter has no such action."),
  UNKNOWN_FLOW(false, "There is no flow of that name, or none with a version in that range."),
  NO_DEFAULT_ACTION(false, "The adapter has no default action, so the step must name one."),
  BAD_PARAMS(false, "The params of a call do not fit what its action takes."),
  RECURSION(
      false,
      "A definition uses itself, or a flow calls itself through sub-flows or starts itself."),
  CONTRADICTION(false, "Two places of the text do not go together."),
  UNREACHABLE_STEP(
      false,
      "A step stands behind one that always ends the flow, or its condition is always false."),
  POINTLESS_RETRY(false, "A retry cannot have an effect."),
  LITERAL_SECRET(false, "A password, key or token is written into the text."),
  MISPLACED_SECRET(false, "`{secret: name}` stands where secrets are not resolved."),
  OPEN_WEBHOOK(false, "A webhook accepts requests from anybody.");

  /** What a code is about, and so who can find it. */
  public enum Level {
    /** How the text is written; without it there is no data that a schema could look at. */
    TEXT,
    /** The shape of the data, which the schema of the language describes. */
    STRUCTURAL,
    /** What the data means. */
    MEANING
  }

  private final Level level;
  private final String explanation;

  Code(boolean structural, String explanation) {
    this(structural ? Level.STRUCTURAL : Level.MEANING, explanation);
  }

  Code(Level level, String explanation) {
    this.level = level;
    this.explanation = explanation;
  }

  /** As problems write it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What it is about. */
  public Level level() {
    return level;
  }

  /** Whether the schema of the language finds it as well. */
  public boolean structural() {
    return level == Level.STRUCTURAL;
  }

  /** One sentence for the documentation. */
  public String explanation() {
    return explanation;
  }
}
