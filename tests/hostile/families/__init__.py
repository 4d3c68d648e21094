"""The families of hostile files, one module each."""
