"""Places: the tree and its history, boundaries, and lists of doors."""
