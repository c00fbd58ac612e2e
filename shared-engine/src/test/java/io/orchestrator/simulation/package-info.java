/**
 * A world for the engine in one thread and virtual time, in which one seed decides everything: what
 * a flow is, what the services answer, what is lost, doubled, late, and when a process dies.
 */
package io.orchestrator.simulation;
