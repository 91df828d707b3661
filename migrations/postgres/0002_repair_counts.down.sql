DROP TABLE repair_counts;
