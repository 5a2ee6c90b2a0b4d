"""What the light of a star of given temperature, gravity and metals looks like, and which of them fit a spectrum."""
