"""What a study says: records in, values out, then words, then figures."""
