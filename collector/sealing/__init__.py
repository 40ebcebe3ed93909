"""What is sealed for the server: the installation's key, sealed boxes, and the records that their keys open."""
