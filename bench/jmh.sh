#!/usr/bin/env bash
# jmh.sh [JMH OPTIONS]: the microbenchmarks of src/jmh, nanoseconds an evaluation. Not part of the build.
set -euo pipefail
. "$(dirname "$0")/common.sh"
out=$home/bench/target/jmh
rm -rf "$out" && mkdir -p "$out"
(cd "$home" && JAVA_HOME=$jdk ./mvnw -q -B -ntp ${MAVEN_OPTIONS:-} -Pjmh -Dmaven.test.skip=true -Djacoco.skip=true package dependency:build-classpath \
  -Dmdep.outputFile=target/jmh.classpath -Dmdep.includeScope=runtime -pl bench -am </dev/null) >"$work/log/jmh.log" 2>&1 || {
  tail -n 40 "$work/log/jmh.log" >&2
  fail "The build failed; its whole log is $work/log/jmh.log"
}
path=$(cat "$home/bench/target/jmh.classpath")
"$jdk/bin/javac" -proc:full -processorpath "$path" -cp "$path" -d "$out" $(find "$home/bench/src/jmh/java" -name '*.java')
exec "$jdk/bin/java" -cp "$out:$path" org.openjdk.jmh.Main "$@"
