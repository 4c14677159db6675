"""What organisers and nominees fill in about results."""
