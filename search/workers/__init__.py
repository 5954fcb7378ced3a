"""Where a training runs: tasks in, events out; it knows neither Optuna nor a study."""
