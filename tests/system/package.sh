#!/bin/sh
# What is installed works: `cmake --install`, a project that uses find_package(crm), and the .deb packages.
set -eu
build=$(dirname "$(dirname "$CRM")")
case $("$CRM" --version) in crm*) ;; *) exit 1 ;; esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cmake --install "$build" --prefix "$work/prefix" >/dev/null
export CRM_DB="$work/crm.db" TZ=Asia/Shanghai HOME="$work"
"$work/prefix/bin/crm" init >/dev/null
"$work/prefix/bin/crm" lead add 王芳 >/dev/null

mkdir "$work/consumer"
cat >"$work/consumer/CMakeLists.txt" <<'CMAKE'
cmake_minimum_required(VERSION 3.25)
project(consumer LANGUAGES CXX)
find_package(crm REQUIRED)
add_executable(consumer main.cpp)
target_link_libraries(consumer PRIVATE crm::crm)
CMAKE
cat >"$work/consumer/main.cpp" <<'CPP'
#include <crm/records.h>

#include <chrono>
#include <cstdio>

int main(int, char** argv) {
  crm::SessionOptions options;
  options.path = argv[1];
  options.now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  crm::Session session(options);
  std::puts(crm::to_string(crm::resolve(session, crm::Kind::lead, "王芳")).c_str());
}
CPP
cmake -S "$work/consumer" -B "$work/consumer/build" -DCMAKE_PREFIX_PATH="$work/prefix" >/dev/null
cmake --build "$work/consumer/build" >/dev/null
[ "$("$work/consumer/build/consumer" "$CRM_DB")" = "lead/1" ]

if ! command -v dpkg >/dev/null 2>&1; then
  echo "SKIP package.sh: no dpkg here"
  exit 0
fi
(cd "$work" && cpack --config "$build/CPackConfig.cmake" -B "$work/packages" >/dev/null)
mkdir -p "$work/root/var/lib/dpkg/updates" "$work/root/var/lib/dpkg/info"
touch "$work/root/var/lib/dpkg/status" "$work/root/var/lib/dpkg/available"
dpkg --log="$work/dpkg.log" --root="$work/root" --force-script-chrootless --force-not-root --force-depends -i "$work"/packages/*.deb >/dev/null 2>"$work/dpkg.err" || {
  cat "$work/dpkg.err"
  exit 1
}
"$work/root/usr/bin/crm" lead list | grep -q 王芳
test -f "$work/root/usr/include/crm/records.h"
ls "$work"/root/usr/share/man/man1/crm.1* >/dev/null
