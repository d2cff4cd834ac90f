#!/usr/bin/env bash
# The whole FDA directory and the NADAC selection, imported with the program itself, compiled
# into a book, and the book's memory measured.
# usage: run.sh PATH_TO_OPENPBM FOLDER_WITH_DATA
set -euo pipefail
program=$1
data=$2/data
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cp -r "$(dirname "$0")/../../sample/." "$folder/book"
rm "$folder/book/members.csv"

"$program" import ndc "$data"/drugs/fda_ndc_product_*.txt.gz "$data"/drugs/fda_ndc_package_*.txt.gz \
  --book "$folder/book"
# The sample book's own list stays; the whole selection is read into a book of its own.
mkdir "$folder/nadac"
"$program" import nadac "$data"/prices/nadac_*.csv --book "$folder/nadac" \
  --from 2026-01-01 --to 2026-12-31
"$program" book check "$folder/book"

# GNU time writes the peak resident memory in KiB.
/usr/bin/time -f %M -o "$folder/peak" "$program" book check "$folder/book" >/dev/null
peak=$(tail -1 "$folder/peak")
echo "peak resident memory with the full directory: $((peak / 1024)) MiB (at most 150)"
test "$peak" -le $((150 * 1024))
