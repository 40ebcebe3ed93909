"""Files that somebody asked for: made in the background, kept for a day, fetched by whoever asked."""
