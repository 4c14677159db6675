"""The demonstration: two seasons of an award, lived through by invented people."""
