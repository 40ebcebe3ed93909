"""Every screen of the phone: how to get there, and what must be right about each."""
