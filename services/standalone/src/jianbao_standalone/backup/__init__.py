"""Backups of a data folder, and putting one back. Of the embedded engine alone: files and SQLite.

`manifest`, `names` and `accounts` are pure; `making`, `verifying` and `restoring` do the work over `snapshot` and `files`.
"""

from jianbao_standalone.backup.errors import BackupError

__all__ = ["BackupError"]
