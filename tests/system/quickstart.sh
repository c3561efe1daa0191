#!/bin/sh
# The README's first command, with the program that is built already; and the pipeline example.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
case $CRM in
  "$root"/build/release/bin/crm) CRM_SKIP_INSTALL=1 "$root/examples/quickstart.sh" >"$work/out" 2>&1 || { cat "$work/out"; exit 1; } ;;
  *) echo "SKIP quickstart.sh: it builds the release preset itself"; exit 0 ;;
esac
for words in 'crm init' 'crm import lead' 'overdue' 'crm report funnel' 'negotiation'; do
  grep -q "$words" "$work/out" || { echo "the quickstart does not show: $words"; cat "$work/out"; exit 1; }
done
export CRM_DB="$work/crm.db" TZ=Asia/Shanghai HOME="$work" PATH="$(dirname "$CRM"):$PATH"
crm init >/dev/null
crm import user "$root/examples/data/users.csv" 2>/dev/null
crm import lead "$root/examples/data/leads.csv" 2>/dev/null
"$root/examples/pipeline.sh" stage=new </dev/null | grep -q '^planned: call'
