/** Where executions live: one commit a transition, fenced by revision; the history is the truth. */
package io.orchestrator.store;
