"""Stage of noticeparse."""
