"""What is wrong with a Jianbao on this machine, and what to do about it; looked at without changing anything.

`findings` and the `judging_*` modules are pure: what was seen means what. The others look: each check is one function.
"""
