package io.orchestrator.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The prefix of a command that lets a server which refuses root run although we are root. */
record Unprivileged(List<String> prefix, Optional<Integer> owner) {
  private static final int NOBODY = 65534;

  /**
   * Nothing for ordinary users. As root a user namespace without a map, where the process is nobody
   * to itself and root to the files; where the kernel forbids that, {@code setpriv} with the files
   * given to nobody.
   */
  static Unprivileged of(Path data) {
    if (uid(Path.of("/proc/self")) != 0) {
      return new Unprivileged(List.of(), Optional.empty());
    }
    boolean givenAway = Files.exists(data) && uid(data) == NOBODY;
    if (!givenAway && works("unshare", "-U", "true")) {
      return new Unprivileged(List.of("unshare", "-U"), Optional.empty());
    }
    List<String> setpriv =
        List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups");
    if (Programs.onPath("setpriv").isPresent()) {
      return new Unprivileged(setpriv, Optional.of(NOBODY));
    }
    throw new StackException(
        "PostgreSQL does not run as root, and neither unshare nor setpriv works here."
            + " Run the stack as an ordinary user.");
  }

  /** Gives a new folder to the user that the command will run as. */
  void own(Path folder) {
    owner.ifPresent(
        uid -> {
          try {
            Files.setAttribute(folder, "unix:uid", uid);
            Files.setAttribute(folder, "unix:gid", uid);
          } catch (IOException e) {
            throw new StackException(
                "Cannot give " + folder + " to user " + uid + ": " + e.getMessage(), e);
          }
        });
  }

  private static boolean works(String... command) {
    return Programs.onPath(command[0]).isPresent()
        && Programs.run(List.of(command), "", Duration.ofSeconds(5)).succeeded();
  }

  private static int uid(Path path) {
    try {
      return (Integer) Files.getAttribute(path, "unix:uid");
    } catch (IOException e) {
      throw new StackException("Cannot see who owns " + path + ": " + e.getMessage(), e);
    }
  }
}
