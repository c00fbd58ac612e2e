package io.orchestrator.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresTest {
  @TempDir Path folder;
  private Home home;

  /** A process that starts the server and then does nothing, to be killed. */
  static final class Parent {
    private Parent() {}

    public static void main(String[] arguments) throws Exception {
      Home home = new Home(Path.of(arguments[0]));
      System.out.println("pid " + EmbeddedPostgres.start(home, new Ports(home)).pid());
      Thread.currentThread().join();
    }
  }

  @BeforeEach
  void home() {
    home = new Home(folder);
  }

  @AfterEach
  void stopped() {
    EmbeddedPostgres.stopLeftover(home);
  }

  @Test
  void a_server_with_fsync_and_its_own_database_starts_and_keeps_its_data_and_port_over_a_restart()
      throws SQLException {
    int port;
    long pid;
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(home, new Ports(home))) {
      port = postgres.port();
      pid = postgres.pid();
      assertThat(ask(postgres, "show fsync")).isEqualTo("on");
      assertThat(ask(postgres, "show listen_addresses")).isEqualTo("127.0.0.1");
      assertThat(ask(postgres, "select upper('é')")).isEqualTo("É");
      tell(postgres, "create table kept (word text)");
      tell(postgres, "insert into kept values ('hello')");
    }
    assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(home, new Ports(home))) {
      assertThat(postgres.port()).isEqualTo(port);
      assertThat(postgres.adopted()).isFalse();
      assertThat(ask(postgres, "select word from kept")).isEqualTo("hello");
    }
  }

  @Test
  void a_server_whose_parent_was_killed_is_adopted() throws Exception {
    Process parent =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Parent.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    long pid;
    try (BufferedReader reader = parent.inputReader()) {
      pid = Long.parseLong(reader.readLine().substring("pid ".length()));
      parent.destroyForcibly().waitFor();
    }
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(home, new Ports(home))) {
      assertThat(postgres.adopted()).isTrue();
      assertThat(postgres.pid()).isEqualTo(pid);
      assertThat(ask(postgres, "select 1")).isEqualTo("1");
    }
  }

  @Test
  void a_killed_server_comes_back_on_its_port_with_everything_that_was_committed()
      throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(home, new Ports(home))) {
      tell(postgres, "create table kept as select 'hello' as word");
      int port = postgres.port();
      ProcessHandle killed = ProcessHandle.of(postgres.pid()).orElseThrow();
      killed.destroyForcibly();
      killed.onExit().get();
      postgres.start();
      assertThat(postgres.port()).isEqualTo(port);
      assertThat(ask(postgres, "select word from kept")).isEqualTo("hello");
    }
  }

  private static String ask(EmbeddedPostgres postgres, String query) throws SQLException {
    try (Connection connection = connect(postgres);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getString(1);
    }
  }

  private static void tell(EmbeddedPostgres postgres, String command) throws SQLException {
    try (Connection connection = connect(postgres);
        Statement statement = connection.createStatement()) {
      statement.execute(command);
    }
  }

  private static Connection connect(EmbeddedPostgres postgres) throws SQLException {
    return DriverManager.getConnection(postgres.jdbcUrl(), EmbeddedPostgres.SUPERUSER, "");
  }
}
