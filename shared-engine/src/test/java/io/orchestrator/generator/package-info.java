/** Flows that seeds decide, for every test that wants many of them. */
package io.orchestrator.generator;
