"""The function app: one door a line. What they do is in functions/."""

import azure.functions as func

from functions import poll_runs, record_poison, start_retraining, sweep_examples, update_scoring

app = func.FunctionApp()
app.register_functions(start_retraining.door)
app.register_functions(poll_runs.door)
app.register_functions(update_scoring.door)
app.register_functions(sweep_examples.door)
app.register_functions(record_poison.door)
