#!/usr/bin/env bash
# What the README tells people to type, and what it says they then see.
# usage: run.sh PATH_TO_OPENPBM
set -euo pipefail
program=$1
root=$(cd "$(dirname "$0")/../.." && pwd)
folder=$(mktemp -d)
cleanup() {
  [ -n "${server:-}" ] && kill "$server" 2>/dev/null
  rm -rf "$folder"
}
trap cleanup EXIT

touch "$folder/ready"
started=$(date +%s%N)
"$program" demo --http 127.0.0.1:0 --ncpdp 127.0.0.1:0 >"$folder/ready" 2>"$folder/notes" &
server=$!
until grep -q '^ready' "$folder/ready"; do
  kill -0 "$server" || { cat "$folder/notes"; exit 1; }
  sleep 0.02
done
echo "ready after $((($(date +%s%N) - started) / 1000000)) ms"
read -r _ http ncpdp <"$folder/ready"
http=${http#http=} ncpdp=${ncpdp#ncpdp=}

claim() { "$program" claim "$root/fixtures/claims/$1.d0" --http "$http" --ncpdp "$ncpdp" "${@:2}"; }
expect() { # WORDS, then the command that must print them
  local words=$1 printed
  shift
  printed=$("$@")
  if [[ "$printed" != *"$words"* ]]; then
    printf 'expected: %s\nfound:\n%s\n' "$words" "$printed"
    exit 1
  fi
}

expect '$295.00' claim paid --explain
expect 'duplicate of paid' claim paid
expect 'patient pays $45.00' claim step-therapy
expect '"MR"' claim four-claims --json
expect 'approved' claim reversal
expect 'this claim is reversed already' claim reversal
expect 'covered by Cascade PPO 2026' claim eligibility
expect '304-C4' claim invalid-fields

kill -TERM "$server"
wait "$server"
server=
grep -q 'finishing what was accepted' "$folder/notes"

# The same on a data directory: make, enroll, decide, verify.
expect '' "$program" init "$folder/pbm"
expect '7 families with 10 members' "$program" import members "$folder/pbm/members.csv" --data "$folder/pbm"
expect 'authorization 0' "$program" claim "$root/fixtures/claims/paid.d0" --data "$folder/pbm"
expect 'came out the same' "$program" verify --data "$folder/pbm"
expect 'entries copied' "$program" backup --data "$folder/pbm" --to "$folder/copy"
expect '0 entries copied' "$program" backup --data "$folder/pbm" --to "$folder/copy"
expect 'restored' "$program" restore --from "$folder/copy" --data "$folder/restored"
expect 'came out the same' "$program" verify --data "$folder/restored"
expect 'duplicate of paid' "$program" claim "$root/fixtures/claims/paid.d0" --data "$folder/restored"
expect 'up to date' "$program" store status --data "$folder/restored"
expect '"enrolled"' "$program" export journal --data "$folder/restored"
expect 'nothing to do' "$program" book publish "$root/sample" --data "$folder/pbm"
echo "ok: the demo and the data directory do what the README says"
