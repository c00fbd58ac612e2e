/** Load, decide, commit, dispatch: what turns the pure state machine into executions that run. */
package io.orchestrator.engine;
