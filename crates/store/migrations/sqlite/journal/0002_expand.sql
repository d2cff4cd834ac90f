-- The journal as an append-only table: whatever has to be found is in index.sqlite, written
-- behind. It is filled beside the table of schema 1, page by page, from that table's entries;
-- until all of it is filled the program of schema 1 still opens this file.

CREATE TABLE IF NOT EXISTS appended (
    sequence INTEGER PRIMARY KEY,   -- 1, 2, 3, ... without a gap
    family   TEXT    NOT NULL,      -- the card: 302-C2 of the subscriber
    version  INTEGER NOT NULL,      -- 1, 2, 3, ... within the family
    previous INTEGER NOT NULL,      -- the family's entry before this one, 0 for its first
    id       TEXT    NOT NULL,      -- the authorization number, 503-F3
    recorded INTEGER NOT NULL,      -- milliseconds since 1970, UTC
    kind     TEXT    NOT NULL,      -- enrolled, paid, rejected, reversed, refused, retired, carried
    entry    BLOB    NOT NULL,      -- the whole entry in CBOR
    seal     INTEGER NOT NULL       -- CRC-32 of the columns before it; see the README
) STRICT;
