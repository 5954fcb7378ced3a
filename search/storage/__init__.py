"""What is kept: the only folder that opens a database."""
