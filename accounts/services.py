"""What people do with their organisations."""
