/** The {@code llm} type of adapters: one turn of a language model, as text or as data. */
package io.orchestrator.adapter.llm;
