"""Figures that the library, the command line, the fetch and worker processes have alike."""

#: Largest input that is read, in bytes, unpacked where it is packed, unless the user says otherwise.
DEFAULT_MAX_BYTES = 20 * 1024 * 1024
#: How many new objects make a program of ours look for circles among them; Python's own figure is 700.
COLLECT_EVERY = 50_000
