"""Keeping the processes of one machine alive."""
