-- The journal: what happened to every family, in the order in which it became durable.
-- One row is one entry and never changes; a reversal is a new row.

CREATE TABLE journal (
    sequence        INTEGER PRIMARY KEY,        -- 1, 2, 3, ... without a gap
    family          TEXT    NOT NULL,           -- the card: 302-C2 of the subscriber
    version         INTEGER NOT NULL,           -- 1, 2, 3, ... within the family
    id              TEXT    NOT NULL,           -- the authorization number, 503-F3
    recorded        INTEGER NOT NULL,           -- milliseconds since 1970, UTC
    kind            TEXT    NOT NULL,           -- enrolled, paid, rejected, reversed, refused
    pharmacy        INTEGER,                    -- 201-B1, where there is one
    prescription    INTEGER,                    -- 402-D2, where there is one
    date_of_service TEXT,                       -- 401-D1 as 2026-03-12, where there is one
    entry           TEXT    NOT NULL,           -- the whole entry as JSON
    seal            INTEGER NOT NULL            -- CRC-32 of sequence|family|version|entry
) STRICT;

-- The last line of defence of compare-and-swap, and the way to a family's entries.
CREATE UNIQUE INDEX journal_family ON journal (family, version);

-- Ids begin with the instant, so this index grows at its end.
CREATE UNIQUE INDEX journal_id ON journal (id);

-- For reversals that carry no cardholder id.
CREATE INDEX journal_billing ON journal (prescription, pharmacy, date_of_service)
    WHERE kind IN ('paid', 'rejected');

-- For the newest of a kind; the row's sequence is the index's second column.
CREATE INDEX journal_kind ON journal (kind);

CREATE TRIGGER journal_is_never_changed BEFORE UPDATE ON journal
BEGIN
    SELECT RAISE(ABORT, 'the journal is append-only: write a new entry instead');
END;

CREATE TRIGGER journal_is_never_deleted BEFORE DELETE ON journal
BEGIN
    SELECT RAISE(ABORT, 'the journal is append-only: write a new entry instead');
END;

-- INSERT OR REPLACE deletes without asking the trigger above, so a taken number is refused too.
CREATE TRIGGER journal_is_only_appended_to BEFORE INSERT ON journal
WHEN NEW.sequence <> (SELECT coalesce(max(sequence), 0) + 1 FROM journal)
BEGIN
    SELECT RAISE(ABORT, 'the journal is append-only: the sequence must be the next number');
END;
