"""Account and cost-centre coding by the French chart of accounts (PCG): rules first, then history, then defaults."""
