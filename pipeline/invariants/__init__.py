"""What must hold at any time, whatever died: checked, mended where that is possible, and told where it is not."""
