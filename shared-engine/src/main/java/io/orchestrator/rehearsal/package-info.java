/**
 * Flow tests and dry runs: a plan is run by the same state machine, in memory and in virtual time,
 * while a test answers for the world.
 */
package io.orchestrator.rehearsal;
