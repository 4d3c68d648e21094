"""Electronic invoices: found in XML and PDF, parsed safely, mapped to `Invoice`, checked against EN 16931."""

from pipeline.reading.einvoice.find import find_einvoice

__all__ = ["find_einvoice"]
