package io.orchestrator.local.acceptance;

import io.orchestrator.local.StackOptions;
import java.nio.file.Path;

/** The acceptance tests on the stack that needs no Docker. */
class EmbeddedAcceptanceTest extends Acceptance {
  @Override
  Target start(Path folder) {
    return new EmbeddedTarget(StackOptions.of(Project.template(), folder).onPort(0));
  }
}
