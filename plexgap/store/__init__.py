"""The edge to the disk: the index, the listings, the decisions."""
