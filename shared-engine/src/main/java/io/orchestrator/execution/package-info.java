/**
 * The state machine: an execution, what happens to it, what changes and what has to be done next.
 * Pure: time comes in with the event, nothing is read and nothing is written.
 */
package io.orchestrator.execution;
