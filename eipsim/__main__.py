"""Lets ``python -m eipsim`` do what the command ``eipsim`` does."""

from .cli import main

if __name__ == "__main__":
    main()
