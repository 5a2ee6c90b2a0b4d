"""Light curve of one binary star, and of many at once."""
