"""Fuzzing: what parsers of untrusted text and XML, and the web application, must hold whatever comes."""
