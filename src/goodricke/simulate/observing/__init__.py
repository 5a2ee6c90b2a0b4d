"""Surveys as a few numbers each: where and when they look, and what they make of the light."""
