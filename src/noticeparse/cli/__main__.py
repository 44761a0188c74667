"""``python -m noticeparse.cli``: the command line from a checkout that is not installed."""

from noticeparse.cli import main

main()
