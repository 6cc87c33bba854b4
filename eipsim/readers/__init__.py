"""Readers turn files into arrays and objects; units are converted here and nowhere else."""
