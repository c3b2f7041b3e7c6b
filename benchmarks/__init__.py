"""Every performance claim as a command: `bansao bench NAME` runs `benchmarks/NAME.py`.

A benchmark is a module with `run() -> Result` (benchmarks/result.py). It ends within 15 minutes,
uses a database of its own (benchmarks/own_database.py) and imports nothing of the tests.
"""
