"""Who may certify and decide, and in which words: pure rules over data that are valid in time.

`records` is what was entered, `certifying` and `deciding` are the questions, `refusals` the answers
no. `registry.authorise` asks them of the database.
"""
