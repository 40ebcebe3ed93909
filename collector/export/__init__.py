"""Raw responses out: versions -> tables -> rows -> files."""
