/**
 * The whole stack on one machine: real PostgreSQL and Redis, an SQS-compatible server, the
 * functions as template.yaml wires them.
 */
package io.orchestrator.local;
