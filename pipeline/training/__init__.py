"""Makes the scorer and its calibration from labelled documents: readings, tables of candidates, fit, model card."""
