/**
 * What the system tells about itself: structured events, metrics, and what must not be seen in
 * them.
 */
package io.orchestrator.telemetry;
