"""Falls measured beside what is published: methods, surrogates of other sensors, splits, tables."""
