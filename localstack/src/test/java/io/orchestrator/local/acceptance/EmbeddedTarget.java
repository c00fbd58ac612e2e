package io.orchestrator.local.acceptance;

import io.orchestrator.local.Console;
import io.orchestrator.local.Stack;
import io.orchestrator.local.StackOptions;
import io.orchestrator.testing.FoldsBack;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.List;
import org.postgresql.ds.PGSimpleDataSource;

/** The stack that {@code up} starts, wired from the real template. */
final class EmbeddedTarget implements Target {
  private final Stack stack;

  EmbeddedTarget(StackOptions options) {
    this.stack = Stack.start(options, Console.silent());
  }

  Stack stack() {
    return stack;
  }

  @Override
  public String url() {
    return stack.url();
  }

  @Override
  public String token(String tenant, String... permissions) {
    return stack.issuer().token(tenant, List.of(permissions), "tester", Clock.systemUTC());
  }

  @Override
  public void loseHints() {
    stack
        .queues()
        .client()
        .purgeQueue(request -> request.queueUrl(stack.queues().url("StepQueue")));
  }

  @Override
  public long rows(String table) {
    try (Connection database =
            DriverManager.getConnection(stack.databaseUrl(), stack.databaseOwner(), "");
        Statement statement = database.createStatement();
        ResultSet rows = statement.executeQuery("select count(*) from " + table)) {
      rows.next();
      return rows.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    try (stack) {
      PGSimpleDataSource owner = new PGSimpleDataSource();
      owner.setUrl(stack.databaseUrl());
      owner.setUser(stack.databaseOwner());
      FoldsBack.check(owner);
    }
  }
}
