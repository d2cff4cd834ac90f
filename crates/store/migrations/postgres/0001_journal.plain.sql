-- What only PostgreSQL itself understands, and what changes no answer: ids and cards compare byte
-- by byte, entries are not compressed (they would hardly shrink, and it costs more than all else
-- that the server does with them), and the queue is swept before it grows.

ALTER TABLE journal
    ALTER COLUMN family TYPE text COLLATE "C",
    ALTER COLUMN id TYPE text COLLATE "C",
    ALTER COLUMN kind TYPE text COLLATE "C",
    ALTER COLUMN entry SET STORAGE EXTERNAL;
ALTER TABLE arrived
    ALTER COLUMN family TYPE text COLLATE "C",
    ALTER COLUMN date_of_service TYPE text COLLATE "C";
ALTER TABLE feed
    ALTER COLUMN family TYPE text COLLATE "C";
ALTER TABLE billing
    ALTER COLUMN date_of_service TYPE text COLLATE "C",
    ALTER COLUMN family TYPE text COLLATE "C";
ALTER TABLE states
    ALTER COLUMN family TYPE text COLLATE "C",
    ALTER COLUMN state SET STORAGE EXTERNAL;

ALTER TABLE arrived SET (
    autovacuum_vacuum_scale_factor = 0,
    autovacuum_vacuum_threshold = 20000,
    autovacuum_vacuum_cost_delay = 0
);
ALTER TABLE shards SET (fillfactor = 10);
