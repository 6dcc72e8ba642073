"""Words + analysis -> intents -> plan. Pure: no network, no clock, no files.

`planner.plan` is the offline planner; `listen.intents_from_words` and `planner.respond` are its two halves, the second
of which the model planner shares. `validate.plan_from_json` reads plans from outside, `diff.diff` compares two. Nothing
is imported here: the ledger needs the plan's values (`plan`) and must not wait for the planner.
"""
