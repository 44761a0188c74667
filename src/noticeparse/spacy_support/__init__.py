"""For users of spaCy: a pipeline component, and records as training data. Imported only where spaCy is in use."""
