"""Many notices: each file parsed to an outcome, in processes of their own."""
