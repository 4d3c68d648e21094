"""A second, independent look at the values that money depends on."""
