"""Nets and training; knows batches, never trials."""
