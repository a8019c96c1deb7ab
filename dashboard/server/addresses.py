"""The address of every page, and what an address may ask for, read as what it is."""

MY_WORK = "viec-cua-toi"
MAP = "ban-do"
PROGRESS = "tien-do"
REVIEW = "duyet"
RECORDS = "ban-ghi"
FOLLOW_UP = "kien-nghi"
REPORT_DATES = "han-bao-cao"
SNAPSHOTS = "chot-so-lieu"
PHASING = "phan-ky"
PLAN_RULES = "cai-dat"
ACCOUNTS = "tai-khoan"
BOUNDARIES = "ranh-gioi"
JOURNAL = "nhat-ky"
ME = "toi"
FORM = "ghi"
RECORD = "xem"
SNAPSHOT = "anh-chup"
COMPARISON = "so-sanh"
REPORT_HEADING = "tieu-de-bao-cao"


def row_number(typed: str | None) -> int | None:
    """The number of a row that an address gives, None for anything that numbers no row of any database."""
    return int(typed) if typed and typed.isascii() and typed.isdigit() and len(typed) < 10 else None
