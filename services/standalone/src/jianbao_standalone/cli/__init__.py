"""The `jianbao` command, one module a group of verbs."""
