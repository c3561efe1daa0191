#!/bin/sh
# From nothing to reminders and a funnel: installs what the build needs, builds, and runs the main job on the sample data beside this file,
# in a database in a temporary directory.
set -eu
cd "$(dirname "$0")/.."
. tests/packages.sh
if [ -z "${CRM_SKIP_INSTALL:-}" ]; then
  # shellcheck disable=SC2086  # a list of words
  install_packages $build_packages
fi

echo "== building (build/release)"
cmake --preset release >/dev/null
cmake --build --preset release -j "${JOBS:-$(nproc 2>/dev/null || echo 2)}" --target crm_program crm_modules | tail -n 1
PATH="$PWD/build/release/bin:$PATH"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export CRM_DB="$work/crm.db" CRM_NOW="${CRM_NOW:-2026-03-16T09:00}" TZ=Asia/Shanghai
unset CRM_USER
cd examples/data

# show WORDS…: prints the command, then runs it.
show() {
  printf '\n$ %s\n' "$*"
  "$@"
}

show crm init
show crm import user users.csv
show crm import lead leads.csv
show crm import stage-change stage_history.csv --kind lead
show crm import followup followups.csv

show crm lead list owner= -o table --limit 5
printf '\n$ crm lead list owner= -o ids | crm lead assign - --auto\n'
crm lead list owner= -o ids | crm lead assign - --auto -o table --fields id,name,owner

show crm followup log lead/1 --type call --note "Interested, wants a quote" --next +3d -o table
show crm followup overdue --limit 8 -o table
printf '\n$ crm remind --dry-run | head -n 24\n'
crm remind --dry-run | head -n 24
show crm report funnel -o table
printf '\nThe program is build/release/bin/crm. Next: crm --help, man/, and the tour in the README.\n'
