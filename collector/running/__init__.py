"""How Collector is doing: health, metrics, signs of life of its machines, and the owner's status page."""
