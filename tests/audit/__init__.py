"""What is known of the weaknesses of the packages that are installed, held against the list of those that were looked at."""
