"""Records to a notice: wording of each field, layouts of the whole, formats of the file."""
