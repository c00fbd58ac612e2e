/**
 * Adapters: services as data. A definition says how to reach one, {@link
 * io.orchestrator.adapter.Adapters} makes the call, and an {@link
 * io.orchestrator.adapter.AdapterType} knows the wire.
 */
package io.orchestrator.adapter;
