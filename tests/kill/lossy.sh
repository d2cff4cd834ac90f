#!/bin/sh
# Stands before the program in a rehearsal of the kill lane: a store that does not keep its word.
# Whenever a server starts, what the last one had written and not yet moved into the database
# file is thrown away, as by a disk that lies about fsync. The lane has to find that out.
#
# usage: OPENPBM_PROGRAM=target/release/openpbm lossy.sh VERB ...
set -eu
if [ "$1" = serve ]; then
  for word in "$@"; do
    [ "${before:-}" = --data ] && rm -f "$word/journal/journal.sqlite-wal"
    before=$word
  done
fi
exec "$OPENPBM_PROGRAM" "$@"
