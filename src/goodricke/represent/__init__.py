"""Light curves as arrays of fixed shape, which is what a model sees."""
