/**
 * What stands before a call besides its own rules: circuits and rate limits, one state for all
 * processes in Redis, or each process its own where there is none.
 */
package io.orchestrator.adapter.guard;
