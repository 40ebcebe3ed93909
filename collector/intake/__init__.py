"""The one door through which responses enter."""
