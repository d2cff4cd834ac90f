#!/usr/bin/env bash
# Replays the claims of a journal from a file, bit for bit; and holds the memory of four times as
# many claims against that of the first quarter.
# usage: run.sh PATH_TO_OPENPBM [SECONDS_OF_CLAIMS]
set -euo pipefail
program=$1
seconds=${2:-10}
root=$(cd "$(dirname "$0")/../.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

"$program" bench --seconds "$seconds" --outstanding 16 --members 20000 --data pbm --json >bench.json
"$program" export claims --data pbm --to all.csv
lines=$(wc -l <all.csv)
head -n $((1 + (lines - 1) / 4)) all.csv >quarter.csv

cp -r "$root/sample" dearer
sed -i '/^tiers = \[1\]$/{n;s/copay = "10.00"/copay = "15.00"/}' dearer/plans/ppo.toml

"$program" replay --claims all.csv --data pbm --book pbm/book --verify

field() { grep -m 1 "\"$2\"" "$1" | tr -dc '0-9'; }
for claims in quarter all; do
  "$program" replay --claims $claims.csv --data pbm --book pbm/book --against dearer --json >$claims.json
  echo "$claims: $(field $claims.json claims) claims under two books," \
    "$(field $claims.json claims_per_s) a second, $(field $claims.json peak_resident_mib) MiB"
done

# Enrollment is the same in both. What a small file does not fill yet (unfinished pages, batches
# under way) may come to this much; the claims themselves would be several times as large.
most=$(($(field quarter.json peak_resident_mib) + 32))
if (($(field all.json peak_resident_mib) > most)); then
  echo "four times as many claims took more than $most MiB"
  exit 1
fi
grep -q '"changed": [1-9]' all.json
