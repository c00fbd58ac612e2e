/** What AWS calls: one short class a function, and the HTTP API behind them. */
package io.orchestrator.functions;
