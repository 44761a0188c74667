"""Measurements: accuracy against gold records, and time as ratios within one run. Nothing here is shipped."""
