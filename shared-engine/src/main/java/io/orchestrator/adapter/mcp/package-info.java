/** The {@code mcp} type of adapters: tools of a server of the Model Context Protocol. */
package io.orchestrator.adapter.mcp;
