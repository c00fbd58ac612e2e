/**
 * What a flow means, said a second time and in another way: recursion over the plan, nothing
 * stored, time only counted. It knows nothing of the engine.
 */
package io.orchestrator.reference;
