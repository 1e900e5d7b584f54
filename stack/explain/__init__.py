"""``shouwang explain``: why an alarm rang, in words and pictures, from a running home or from a recording."""
