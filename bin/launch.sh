# SPDX-License-Identifier: Apache-2.0
#
# Read by the launchers beside it, not run: finds a JDK, builds the launcher's jar where it is missing
# or older than its sources, and becomes the JVM. Running needs Java 21; from 24 on the SIMD kernels are
# used; building needs a JDK of 24 or newer.
#
#   launch NAME WHAT MAIN MODULES ARGUMENT...
#
# NAME stands before every message and WHAT in the one about building; MAIN is the class. The jar is that
# of the last of MODULES, a list of words; the others are the modules it is made of. $here is this
# folder.
set -eu

root=$(CDPATH='' cd -- "$here/.." && pwd -P)

fail() {
  printf '%s: %s\n' "$name" "$*" >&2
  exit 1
}

# --- A JDK ---

# Prints the feature version of the Java in folder $1, 0 if there is none.
version_of() {
  version=
  if [ -x "$1/bin/java" ]; then
    if [ -f "$1/release" ]; then
      version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
    else
      version=$("$1/bin/java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p' | head -n 1)
    fi
  fi
  printf '%s\n' "${version:-0}"
}

# Considers folder $1: the first Java of 24 or newer wins, else the first of 21 or newer.
# $builder is the first JDK of 24 or newer that has a compiler.
runner=
runner_version=0
builder=
consider() {
  version=$(version_of "$1")
  if [ "$version" -ge 24 ] && [ -z "$builder" ] && [ -x "$1/bin/javac" ]; then
    builder=$1
  fi
  if [ "$version" -ge 24 ] && [ "$runner_version" -lt 24 ] ||
    [ "$version" -ge 21 ] && [ "$runner_version" -lt 21 ]; then
    runner=$1
    runner_version=$version
  fi
}

if [ -n "${JAVA_HOME:-}" ]; then
  consider "$JAVA_HOME"
fi
if [ -z "$builder" ] && on_path=$(command -v java); then
  while [ -L "$on_path" ]; do
    target=$(readlink "$on_path")
    case $target in
      /*) on_path=$target ;;
      *) on_path=$(dirname "$on_path")/$target ;;
    esac
  done
  consider "$(dirname "$(dirname "$on_path")")"
fi
if [ -z "$builder" ]; then
  for home in /usr/lib/jvm/* /usr/java/* /opt/java/* "${HOME:-}"/.jdks/* \
    "${HOME:-}"/.sdkman/candidates/java/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    consider "$home"
  done
fi

# --- The jar ---

jar_in() {
  for jar in "$root/$module"/target/*-all.jar; do
    [ -f "$jar" ] && return
  done
  jar=
}

is_stale() {
  [ -n "$jar" ] || return 0
  for part in $modules; do
    [ -z "$(find "$root/pom.xml" "$root/$part/pom.xml" "$root/$part/src/main" -newer "$jar" | head -n 1)" ] ||
      return 0
  done
  return 1
}

# From clean: the SIMD classes are not recompiled when only the others changed.
build() {
  [ -n "$builder" ] || fail "building needs a JDK 24 or newer; none in JAVA_HOME, on the PATH or in the usual folders"
  printf '%s: building %s with Maven (once; again when sources change)\n' "$name" "$what" >&2
  trap 'rm -f "$root/$module"/target/*-all.jar; exit 130' INT TERM HUP
  # Maven on a JDK this new prints warnings about its own libraries unless told these two.
  quiet="--sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED"
  (cd "$root" && JAVA_HOME=$builder MAVEN_OPTS="${MAVEN_OPTS:-} $quiet" ./mvnw -q -B -DskipTests clean package -pl "$module" -am) \
    </dev/null >&2 || {
    rm -f "$root/$module"/target/*-all.jar
    fail "the build failed, see above"
  }
  trap - INT TERM HUP
  jar_in
  [ -n "$jar" ] || fail "the build left no $module/target/*-all.jar"
  touch "$jar"
}

# --- The JVM ---

launch() {
  name=$1
  what=$2
  main=$3
  modules=$4
  module=${modules##* }
  shift 4

  [ -n "$runner" ] ||
    fail "needs Java 21 or newer (24 for SIMD); none in JAVA_HOME, on the PATH or in the usual folders"
  jar_in
  if is_stale; then
    build
  fi

  # Without a UTF-8 locale (cron, containers) Java cannot name files beyond ASCII.
  case $(locale charmap 2>/dev/null) in
    '' | ANSI_X3.4-1968 | US-ASCII) export LC_ALL=C.UTF-8 ;;
  esac

  # Java cannot tell which of its streams are terminals; progress is shown by that.
  if [ -t 1 ]; then out_terminal=true; else out_terminal=false; fi
  if [ -t 2 ]; then err_terminal=true; else err_terminal=false; fi

  # No option silences its "Using incubator modules" line, always the first on stderr. On a terminal
  # that line is taken out; elsewhere stderr stays as it is, so that files are complete at our exit.
  if [ -t 2 ] && pipe=$(mktemp -d 2>/dev/null) && mkfifo "$pipe/stderr" 2>/dev/null; then
    {
      if IFS= read -r first; then
        case $first in
          'WARNING: Using incubator modules: jdk.incubator.vector') ;;
          *) printf '%s\n' "$first" ;;
        esac
      fi
      exec cat
    } <"$pipe/stderr" >&2 &
    exec 2>"$pipe/stderr"
    rm -r "$pipe"
  fi

  exec "$runner/bin/java" --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED \
    "-Divfpq.home=$root" "-Divfpq.stdout.terminal=$out_terminal" \
    "-Divfpq.stderr.terminal=$err_terminal" -cp "$jar" "$main" "$@"
}
