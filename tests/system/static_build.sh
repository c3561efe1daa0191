#!/bin/sh
# The program with everything linked into it: it builds, needs no libcrm beside it, and does what the modules do.
# Building takes minutes: only where CRM_TEST_STATIC is set, as by tests/run.sh --static.
set -eu
if [ -z "${CRM_TEST_STATIC:-}" ]; then
  echo "SKIP static_build: it takes minutes; tests/run.sh --static does it"
  exit 0
fi
cd "$(dirname "$0")/../.."
cmake --preset static >/dev/null
cmake --build --preset static --target crm_program -j "${JOBS:-2}"
crm=$PWD/build/static/bin/crm
if ldd "$crm" | grep -E 'libcrm|libsqlite|libyaml-cpp|libphonenumber'; then
  echo "a library that belongs into the program is beside it"
  exit 1
fi
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
export CRM_DB="$directory/crm.db" TZ=Asia/Shanghai
cd "$directory"
"$crm" init -q
"$crm" workflow show > workflow.yaml
"$crm" workflow check workflow.yaml
"$crm" lead add 王芳 --phone '138 0013 8000' -q
test "$("$crm" lead list 13800138000 -o ids)" = 1
"$crm" verify -q
