/**
 * Redis: what may be forgotten at any time. Every failure is a miss, and no value is believed
 * unless its seal fits.
 */
package io.orchestrator.cache;
