/**
 * The benchmark: the same workloads, phases and figures for the embedded engine and for the whole
 * local stack.
 */
package io.orchestrator.bench;
