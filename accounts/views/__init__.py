"""Pages of people and the organisations they act for."""
