"""From a study to a model that one can trust."""
