"""The cards of a report, one topic a file: values in, words and figures out."""
