"""What judges and organisers send."""
