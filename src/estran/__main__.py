"""``python -m estran``: the command line."""

from estran.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
