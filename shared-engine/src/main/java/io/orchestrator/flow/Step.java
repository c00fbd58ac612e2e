package io.orchestrator.flow;

/**
 * One step of a plan.
 *
 * @param id unique in the flow
 * @param path the containers' ids and its own, joined by a slash; stable for a version
 */
public record Step(String id, String path, Place place, Kind kind, Common common) {}
