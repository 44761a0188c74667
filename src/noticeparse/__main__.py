"""``python -m noticeparse``: the command line, from a checkout that is not installed or where scripts are not on the path."""

from noticeparse.cli import main

main()
