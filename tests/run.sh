#!/bin/sh
# Installs what the tests need, builds, and runs all of them. Ends with a line "N passed, N failed" and a non-zero exit code where
# something failed.
#   tests/run.sh          the unit tests and fuzz corpora under ASan and UBSan, the program's tests on the release build
#   tests/run.sh --tidy   clang-tidy and the formatting check too
#   tests/run.sh --static the program linked as -DCRM_STATIC=ON too
#   tests/run.sh --quick  the program's tests on the release build alone: under ten minutes on two cores
# JOBS sets how many compilers run at once (default: the number of cores).
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/packages.sh
jobs=${JOBS:-$(nproc 2>/dev/null || echo 2)}
mode=${1:-}
passed=0
failed=0
failures=""

# step NAME COMMAND…: runs it, counts it, keeps its output for the end if it failed.
step() {
  name=$1
  shift
  log=$(mktemp)
  start=$(date +%s)
  if "$@" >"$log" 2>&1; then
    passed=$((passed + 1))
    echo "ok      $name ($(($(date +%s) - start)) s)"
    grep -E '^SKIP' "$log" | sort -u | sed 's/^/        /'
  else
    failed=$((failed + 1))
    failures="$failures $name"
    echo "FAILED  $name ($(($(date +%s) - start)) s)"
    tail -n 60 "$log" | sed 's/^/        /'
  fi
  rm -f "$log"
}

build() {
  cmake --preset "$1" >/dev/null && cmake --build --preset "$1" -j "$jobs"
}

# run_tests DIRECTORY PATTERN: each test of the build directory whose name matches is a step of its own.
run_tests() {
  for test in $(ctest --test-dir "$1" --show-only=json-v1 | jq -r '.tests[].name' | grep -E "$2"); do
    step "$test" ctest --test-dir "$1" -R "^$test\$" --output-on-failure --timeout 1800
  done
}

tidy() {
  cmake --preset tidy >/dev/null || return 1
  git ls-files 'lib/*.cpp' 'cmd/*.cpp' | xargs -P "$jobs" -n 4 clang-tidy-14 --quiet -p build/tidy
}

formatted() { git ls-files 'lib/*.h' 'lib/*.cpp' 'cmd/*.h' 'cmd/*.cpp' 'tests/*.cpp' | xargs clang-format-14 --dry-run --Werror; }

if [ -z "${CRM_SKIP_INSTALL:-}" ]; then
  # shellcheck disable=SC2086  # a list of words
  install_packages $build_packages $test_packages || exit 1
  if [ "$mode" = --static ]; then install_packages libprotobuf-dev || exit 1; fi
  # shellcheck disable=SC2086
  if [ "$mode" = --tidy ]; then install_packages $tidy_packages || exit 1; fi
fi
if [ ! -d ../shared/data ]; then
  echo "SKIP    the tests on shared data: ../shared/data is not there"
fi

step "build (release)" build release
[ "$failed" = 0 ] || { echo "$passed passed, $failed failed"; exit 1; }
run_tests build/release .
if [ "$mode" != --quick ]; then
  step "build (sanitizers)" build dev
  [ "$failed" = 0 ] && run_tests build/dev '^unit|_fuzz$'
fi
if [ "$mode" = --static ]; then
  step "static program" env CRM_TEST_STATIC=1 JOBS="$jobs" sh tests/system/static_build.sh
fi
if [ "$mode" = --tidy ]; then
  step "formatting" formatted
  step "clang-tidy" tidy
fi
[ -z "$failures" ] || echo "failed:$failures"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
