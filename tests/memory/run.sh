#!/usr/bin/env bash
# The memory of a server with a million members on file and the whole FDA directory in its book,
# when a claim has come for every one of its families, twice.
# usage: run.sh PATH_TO_OPENPBM FOLDER_WITH_DATA
set -euo pipefail
program=$1
data=$2/data
here=$(dirname "$0")
most=$((1024 * 1024)) # KiB
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; wait; rm -rf "$folder"' EXIT

cp -r "$here/../../sample/." "$folder/book"
rm "$folder/book/members.csv"
"$program" import ndc "$data"/drugs/fda_ndc_product_*.txt.gz "$data"/drugs/fda_ndc_package_*.txt.gz \
  --book "$folder/book"
# Members, and some claims for every second family.
"$program" bench --members 1000000 --seconds 8 --outstanding 16 --data "$folder/pbm"
"$program" book publish "$folder/book" --data "$folder/pbm"

"$program" serve --data "$folder/pbm" --http 127.0.0.1:0 --ncpdp 127.0.0.1:0 >"$folder/ready" &
server=$!
until grep -q '^ready' "$folder/ready"; do kill -0 "$server" && sleep 0.2; done
port=$(sed -n 's/^ready .*ncpdp=127.0.0.1:\([0-9]*\).*/\1/p' "$folder/ready")
for _ in first second; do
  python3 "$here/sweep.py" "$port" "$folder/pbm/journal/journal.sqlite" \
    "$here/../../fixtures/ncpdp/b1.d0"
done
peak=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$server/status")
echo "peak resident memory with a million members: $((peak / 1024)) MiB (at most $((most / 1024)))"
test "$peak" -le "$most"
