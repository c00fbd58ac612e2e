/**
 * Secrets by name: each tenant reaches its own and nobody else's; values are never data, logged or
 * shown.
 */
package io.orchestrator.secret;
