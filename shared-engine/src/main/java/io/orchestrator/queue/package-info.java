/**
 * SQS: hints that an execution wants attention. Any may be lost, doubled, late or out of order; the
 * database knows better.
 */
package io.orchestrator.queue;
