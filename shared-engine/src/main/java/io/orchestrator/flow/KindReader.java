package io.orchestrator.flow;

/** Reads one kind of step. A new kind is a new reader and a line in {@link Kinds}. */
@FunctionalInterface
interface KindReader {
  /**
   * The kind; {@link Syntax.Broken} with problems told if it is wrong.
   *
   * @param value of the kind key
   * @param fields the keys beside it, from which it takes its options
   * @param level of the step, from 1
   */
  Syntax.Kind read(Node value, Fields fields, int level);
}
