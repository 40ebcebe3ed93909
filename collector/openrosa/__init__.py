"""The protocol that ODK Collect speaks (OpenRosa 1.0): forms out, submissions in, through the same door as all responses."""
