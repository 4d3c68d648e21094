"""Named rules judge a record; each says in a sentence with figures what does not fit."""
