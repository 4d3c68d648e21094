"""What comes in: a drop folder, types by content, limits, and an archive of untouched originals."""
