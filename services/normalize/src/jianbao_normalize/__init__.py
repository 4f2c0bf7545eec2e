"""Normalize: bytes to one clean Simplified text; revisions decided, duplicates found and marked."""
