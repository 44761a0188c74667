"""Fetching notices: addresses that are safe to ask, polite requests, what came back, and a store that keeps it.

The libraries under it (requests, protego, warcio, playwright) are imported when a page is fetched or exported, so that
parsing a file does not pay for them.
"""
