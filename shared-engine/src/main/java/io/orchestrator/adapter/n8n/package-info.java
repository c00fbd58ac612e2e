/** The {@code n8n} type of adapters: workflows of n8n, by their webhooks and the public API. */
package io.orchestrator.adapter.n8n;
