-- The table of schema 1 goes when all of its entries are in the new one, in one transaction
-- with the number of the schema.

DROP TABLE journal;
ALTER TABLE appended RENAME TO journal;

-- How often retention has changed entries; the index says up to which time it knows of it.
CREATE TABLE retention (
    one    INTEGER PRIMARY KEY CHECK (one = 1),
    number INTEGER NOT NULL
) STRICT;
INSERT INTO retention VALUES (1, 0);

-- Retention alone changes a row: what it said is let go of, its place stays. What was carried
-- may be let go of in its turn; what was retired is never changed again.
CREATE TRIGGER journal_is_never_changed BEFORE UPDATE ON journal
WHEN NEW.kind NOT IN ('retired', 'carried')
    OR OLD.kind = 'retired'
    OR NEW.sequence <> OLD.sequence
    OR NEW.family <> OLD.family
    OR NEW.version <> OLD.version
    OR NEW.previous <> OLD.previous
    OR NEW.id <> OLD.id
    OR NEW.recorded <> OLD.recorded
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
