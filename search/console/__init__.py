"""What a person at a terminal sees: the only folder that knows rich."""
