"""Pages for people: one notice with its values marked in the text, and many notices compared."""
