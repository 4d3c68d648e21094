"""Pages become a record: labels and values are found, candidates scored, and one choice made that adds up."""
