/**
 * What a flow is: the text as a tree with positions, and the immutable plan that an execution
 * follows. Pure.
 */
package io.orchestrator.flow;
