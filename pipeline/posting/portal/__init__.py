"""The practice portal: a small accounting application to train and test robots on, with switches for mischief."""
