package io.orchestrator.adapter;

/**
 * How one type of adapter makes a call. Implementations are used by many threads at once and never
 * throw for what may be expected of a service.
 */
@FunctionalInterface
public interface AdapterType {
  /** Makes the call, within the invocation's timeout. */
  Reply call(Invocation invocation);
}
