"""Chaos: pushes and faults at random, and an oracle that says of each push what must have become of it.

It speaks HTTP and reads topics as any outsider could, and shares no code with the services: its own reading of
contracts is what they are held against. `README.md` beside this file tells how to run it and how to read it.
"""
