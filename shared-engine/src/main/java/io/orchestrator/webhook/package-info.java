/**
 * Whether a request to a webhook comes from whom it says: the signatures of the services that send
 * such requests, over the bytes as they came.
 */
package io.orchestrator.webhook;
