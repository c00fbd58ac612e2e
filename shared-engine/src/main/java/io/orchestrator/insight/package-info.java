/** What executions add up to: figures, and how far they can be trusted. */
package io.orchestrator.insight;
