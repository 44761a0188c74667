"""Tables of many notices: frames, comparison, export. pandas is imported from here on and nowhere before."""
