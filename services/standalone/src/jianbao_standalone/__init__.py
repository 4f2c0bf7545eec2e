"""Jianbao on one machine: all services over the embedded engines, and the `jianbao` command."""
