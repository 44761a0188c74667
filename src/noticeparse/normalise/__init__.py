"""Names to ids, items to how their concept was found: what stands beside the words of a notice."""
