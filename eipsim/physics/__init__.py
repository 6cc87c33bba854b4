"""Physical relations as pure functions of numbers and arrays; each names its source and where it stops being valid."""
