"""`python -m bansao`."""

from bansao.cli import main

main()
