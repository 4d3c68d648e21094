"""Standard files: FEC, UBL, Factur-X, CSV, XLSX and JSON, and a folder that is a target."""
