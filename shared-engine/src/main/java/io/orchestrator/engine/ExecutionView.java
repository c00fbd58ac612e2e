package io.orchestrator.engine;

import io.orchestrator.execution.Execution;
import io.orchestrator.flow.Plan;
import io.orchestrator.store.Stored;

/**
 * An execution for somebody who looks at it: as stored, the plan it follows, and what its history
 * adds up to.
 */
public record ExecutionView(Stored stored, Plan plan, Execution execution) {}
