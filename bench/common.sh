# Shared by the scripts of this folder: finds a JDK 25 as the launcher does, builds when sources are newer than the last build.
# Sets: home (of the project), work (logs and the like, in bench/target), jdk, classpath.

home=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P) || exit 1
work=$home/bench/target/run
mkdir -p "$work/log"

fail() {
  printf '%s\n' "$@" >&2
  exit 1
}

is_jdk_25() {
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && grep -Eqs '^JAVA_VERSION="25([."]|$)' "$1/release"
}

find_jdk() {
  local candidate user=${HOME:-/nowhere}
  for candidate in "${ORCHESTRATOR_JAVA_HOME:-}" "${JAVA_HOME:-}" \
    "$(dirname "$(dirname "$(readlink -f "$(command -v java)" 2>/dev/null)")" 2>/dev/null)" \
    /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /opt/java/* /opt/jdk* \
    "${SDKMAN_DIR:-$user/.sdkman}"/candidates/java/* "$user"/.jdks/* "$user"/.local/share/mise/installs/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if [ -n "$candidate" ] && is_jdk_25 "$candidate"; then
      jdk=$candidate
      return
    fi
  done
  fail "The benchmark needs a JDK 25 and found none. Name its folder: ORCHESTRATOR_JAVA_HOME=/path/to/jdk-25"
}

is_stale() {
  [ -f "$work/stamp" ] && [ -f "$home/bench/target/classpath" ] || return 0
  local changed
  changed=$(cd "$home" && find pom.xml {shared-engine,functions,localstack,bench}/{pom.xml,src/main} -newer "$work/stamp" -print 2>/dev/null | head -n 1)
  [ -n "$changed" ] || [ ! -f "$home/functions/target/functions.jar" ]
}

build() {
  is_stale || return 0
  echo "Building ..." >&2
  touch "$work/begun"
  (cd "$home" && JAVA_HOME=$jdk ./mvnw -q -B -ntp ${MAVEN_OPTIONS:-} -Dmaven.test.skip=true -Djacoco.skip=true package dependency:build-classpath \
    -Dmdep.outputFile=target/classpath -Dmdep.includeScope=runtime -pl bench -am </dev/null) >"$work/log/build.log" 2>&1 || {
    tail -n 40 "$work/log/build.log" >&2
    fail "The build failed; its whole log is $work/log/build.log"
  }
  mv -f "$work/begun" "$work/stamp"
}

find_jdk
build
classpath=$(ls "$home"/bench/target/bench-*.jar | head -n 1):$(cat "$home/bench/target/classpath")
