"""Dead letters as operators see them: what lies there, what was done with it, and the way back to its stage."""
