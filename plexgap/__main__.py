"""`python -m plexgap COMMAND`: the command line in an environment that a person made."""

from __future__ import annotations

from plexgap.cli.main import start

if __name__ == "__main__":
    start()
