"""Weighs the candidates of a field by what stands on the page: features, a trained scorer, and its model."""
