/**
 * How flows do: figures about executions that have ended, from a summary that is kept up to date.
 */
package io.orchestrator.insight;
