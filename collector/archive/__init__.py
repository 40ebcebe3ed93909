"""`collector backup`, `restore` and `move`: everything that an installation holds, in one file or in another database; docs/backup.md."""
