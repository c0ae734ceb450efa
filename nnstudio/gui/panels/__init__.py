"""The docks of the window. Each shows one thing and knows no other."""
