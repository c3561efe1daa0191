#!/bin/sh
# A shell pipeline: pick a lead with fzf (or the first one, where there is no terminal), look at it with jq, and plan a call.
# Usage: examples/pipeline.sh [TERM…]   for example: examples/pipeline.sh stage=contacted 'amount>=5000'
set -eu
if [ -t 0 ]; then terminal=yes; else terminal=no; fi  # in the pipe below the standard input is another
pick() { if [ $terminal = yes ] && command -v fzf >/dev/null 2>&1; then fzf --delimiter='\t' --with-nth=2..; else head -n 1; fi; }
id=$(crm lead list "$@" --fields id,name,company,amount -o tsv | pick | cut -f 1)
[ -n "$id" ] || { echo "no lead matches" >&2; exit 3; }
crm lead show "$id" -o json | jq -r '"\(.name), \(.company // "no company"): \(.amount // "?") \(.currency // "")"'
crm followup plan "lead/$id" --type call --due +1d -q
crm followup agenda -o jsonl | jq -r 'select(.about == "lead/'"$id"'") | "planned: \(.type) \(.due_at)"'
