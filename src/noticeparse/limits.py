"""The bound on every input, which the library, the command line and the fetch have alike."""

#: Largest input that is read, in bytes, unpacked where it is packed, unless the user says otherwise.
DEFAULT_MAX_BYTES = 20 * 1024 * 1024
