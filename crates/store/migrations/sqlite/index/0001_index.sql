-- What the journal's entries are found by. All of it follows from the journal: it is written
-- behind in sorted batches, and made anew if it is missing, damaged or of another journal.

CREATE TABLE mark (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    sequence INTEGER NOT NULL,      -- the last entry of the journal that is in here
    id       TEXT,                  -- its id, by which another journal is told
    families INTEGER NOT NULL,      -- families with at least one entry
    retired  INTEGER NOT NULL       -- the journal's retention.number that is in here
) STRICT;
INSERT INTO mark VALUES (1, 0, NULL, 0, 0);

-- Each family's newest entry; those before it are found by its column `previous`.
CREATE TABLE heads (
    family   TEXT    PRIMARY KEY,
    version  INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    seal     INTEGER NOT NULL       -- CRC-32 of family|version|sequence
) STRICT, WITHOUT ROWID;

-- Decided claims, for reversals that carry no cardholder id. The day is first, so that a day's
-- claims land together.
CREATE TABLE billing (
    date_of_service INTEGER NOT NULL,   -- 401-D1 as 20260312
    pharmacy        INTEGER NOT NULL,   -- 201-B1
    prescription    INTEGER NOT NULL,   -- 402-D2
    sequence        INTEGER NOT NULL,
    PRIMARY KEY (date_of_service, pharmacy, prescription, sequence)
) STRICT, WITHOUT ROWID;

-- Entries 1 to 1024 are block 0, and so on: the least and the greatest id of each. Ids begin
-- with the instant, so an id is in one block or in very few.
CREATE TABLE blocks (
    block    INTEGER PRIMARY KEY,
    first_id TEXT NOT NULL,
    last_id  TEXT NOT NULL
) STRICT;

-- How many entries of a kind each block holds.
CREATE TABLE kinds (
    kind    TEXT    NOT NULL,
    block   INTEGER NOT NULL,
    entries INTEGER NOT NULL,
    PRIMARY KEY (kind, block)
) STRICT, WITHOUT ROWID;

-- Families as they were remembered. They may be lost.
CREATE TABLE states (
    family  TEXT    PRIMARY KEY,
    version INTEGER NOT NULL,
    state   BLOB    NOT NULL,
    seal    INTEGER NOT NULL        -- CRC-32 of family|version|state
) STRICT;
