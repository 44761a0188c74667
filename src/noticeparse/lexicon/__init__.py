"""Vocabulary: reading, checking and matching the tables of words under ``lexicons/``."""
