/** Flows and adapters over time: publishing, finding, and the plans that executions follow. */
package io.orchestrator.catalog;
