"""How long documents are kept, and how they are erased when their time is over."""
