"""Discrete rate simulation: rates are constant between two instants, amounts are their exact integrals."""
