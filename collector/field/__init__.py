"""The phone client's pages: the shell, the manifest and the service worker. Nothing here knows who asks."""
