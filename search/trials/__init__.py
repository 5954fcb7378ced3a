"""What is run next, and what becomes of it."""
