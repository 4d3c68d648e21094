"""The built-in scorer and calibration, with their card; `make train` writes them."""
