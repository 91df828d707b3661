-- One row is how often one repair was made for one tool on one day (UTC, YYYY-MM-DD). Nothing of any call is kept.
CREATE TABLE repair_counts (
    tool  TEXT    NOT NULL,
    rule  TEXT    NOT NULL,
    day   TEXT    NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (tool, rule, day)
);
