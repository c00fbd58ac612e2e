/** The {@code http} type of adapters and the one way out of the house. */
package io.orchestrator.adapter.http;
