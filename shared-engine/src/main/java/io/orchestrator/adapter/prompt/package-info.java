/** The {@code prompt_service} type of adapters, which keeps for a while what it was told. */
package io.orchestrator.adapter.prompt;
