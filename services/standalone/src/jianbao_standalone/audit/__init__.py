"""The audit: every accepted push is in exactly one state, and index, receipts and dead letters say what the log says.

`embedded` reads the sources of one machine at one moment; `facts` puts side by side what each says of a push; `states`
counts each push from its own source; `comparison` finds what differs; `repair` tells the owners to mend it.
"""
