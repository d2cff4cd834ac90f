-- The journal: what happened to every family. One row is one entry; a reversal is a new row.
-- Only what PostgreSQL, Citus, YugabyteDB and CockroachDB have in common: see
-- docs/operating/scaling.md. Every key begins with what the table is spread by.

CREATE TABLE journal (
    family   text     NOT NULL,     -- the card: 302-C2 of the subscriber
    version  bigint   NOT NULL,     -- 1, 2, 3, ... within the family
    id       text     NOT NULL,     -- the authorization number, 503-F3; begins with the instant
    recorded bigint   NOT NULL,     -- milliseconds since 1970, UTC
    kind     text     NOT NULL,     -- enrolled, paid, rejected, reversed, refused, ...
    entry    bytea    NOT NULL,     -- the whole entry, CBOR
    seal     bigint   NOT NULL,     -- CRC-32 of family|version|id|recorded|kind|entry
    PRIMARY KEY (family, version)   -- compare-and-swap: of two that append a version one fails
);

-- For an entry by its id and for the newest of a kind. Grows at the end of each kind.
CREATE INDEX journal_id ON journal (kind, id);

-- What was appended, in the same transaction, and has not been given its place yet.
CREATE TABLE arrived (
    shard           smallint NOT NULL,  -- CRC-32 of the family, modulo the number of shards
    family          text     NOT NULL,
    version         bigint   NOT NULL,
    pharmacy        bigint,             -- 201-B1 of a decided claim
    prescription    bigint,             -- 402-D2 of a decided claim
    date_of_service text,               -- 401-D1 of a decided claim, as 2026-03-12
    PRIMARY KEY (shard, family, version)
);

CREATE INDEX arrived_billing ON arrived (prescription, pharmacy) WHERE prescription IS NOT NULL;

-- The order in which projections read, written behind: 1, 2, 3, ... without a gap in each shard.
CREATE TABLE feed (
    shard    smallint NOT NULL,
    sequence bigint   NOT NULL,
    family   text     NOT NULL,
    version  bigint   NOT NULL,
    PRIMARY KEY (shard, sequence)
);

-- An entry has one place, and it can be asked for.
CREATE UNIQUE INDEX feed_entry ON feed (shard, family, version);

-- The end of each shard. Whoever places entries holds the row, so two never do it at once.
CREATE TABLE shards (
    shard smallint NOT NULL PRIMARY KEY,
    head  bigint   NOT NULL
);

INSERT INTO shards (shard, head)
VALUES (0, 0), (1, 0), (2, 0), (3, 0), (4, 0), (5, 0), (6, 0), (7, 0),
       (8, 0), (9, 0), (10, 0), (11, 0), (12, 0), (13, 0), (14, 0), (15, 0);

-- For reversals that carry no cardholder id, written behind with the feed.
CREATE TABLE billing (
    pharmacy        bigint NOT NULL,
    prescription    bigint NOT NULL,
    date_of_service text   NOT NULL,
    family          text   NOT NULL,
    PRIMARY KEY (pharmacy, prescription, date_of_service, family)
);

-- A family as of a version, so that reading it costs less. It follows from the journal.
CREATE TABLE states (
    family  text   NOT NULL PRIMARY KEY,
    version bigint NOT NULL,
    state   bytea  NOT NULL,            -- the family, CBOR
    seal    bigint NOT NULL             -- CRC-32 of family|version|state
);
