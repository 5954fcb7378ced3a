"""What is asked: a study file, typed and checked; no database is opened here."""
