"""Simulates an eco-industrial park, and what its resource-efficiency measures save at the meters."""
