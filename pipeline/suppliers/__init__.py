"""What is known of suppliers: the master, rules learned from confirmed invoices, purchase orders."""
