"""The address of every page, and what an address may ask for, read as what it is."""

MY_WORK = "viec-cua-toi"
OVERVIEW = "tong-quan"
MAP = "ban-do"
PROGRESS = "tien-do"
REVIEW = "duyet"
RECORDS = "ban-ghi"
FOLLOW_UP = "kien-nghi"
REPORT_DATES = "han-bao-cao"
SNAPSHOTS = "chot-so-lieu"
PHASING = "phan-ky"
PLANS = "ke-hoach"
PLAN_RULES = "cai-dat"
OFFICE = "co-quan"
ACCOUNTS = "tai-khoan"
TABLETS = "may-tinh-bang"
BOUNDARIES = "ranh-gioi"
JOURNAL = "nhat-ky"
ME = "toi"
FORM = "ghi"
RECORD = "xem"
SNAPSHOT = "anh-chup"
COMPARISON = "so-sanh"
REPORT_HEADING = "tieu-de-bao-cao"
SIGN_IN, SIGN_OUT, ONE_TIME_LINK = "/login", "/logout", "/link"
"""The plain pages before Streamlit; below the last one stands a link's own secret."""
ORGANISATION, ORGANISATION_DONE = f"{SIGN_IN}/to-chuc", f"{SIGN_IN}/to-chuc/xong"
"""To an organisation's own sign-in, and back from it."""
TABLET_PAGE, TABLET_STATE, WORKER = "/may-bang", "/may-bang/du-lieu", "/may-bang.js"
"""The tablet's own page, the state that it shows, and the service worker behind it."""
WAITING_PAGE, HAND_IN_PAGE = "/cho-gui", "/nop-tep"
"""Two plain pages of the tablet, without Streamlit: what waits on it, and handing in the file that it saved."""
WHO = "/assets-ai/toi"
"""Who this browser is signed in as, and the words that the outbox says."""
RECORD_CALLS, EVIDENCE_CALLS = "/luu-ban-ghi", "/minh-chung"
"""Below them a record's or a piece of evidence's own number: it is written, read and removed there."""
FAR, GROUND, KNOWN = f"{RECORD_CALLS}/xa", f"{RECORD_CALLS}/vung", f"{RECORD_CALLS}/da-biet"
"""Whether a position lies far off, where a unit lies on the map, which of a tablet's records are here."""
HEALTH = "/_stcore/health"
"""Streamlit's own word that the process answers."""
OF_SCRIPTS = {
    "form": f"/{FORM}",
    "myWork": f"/{MY_WORK}",
    "signIn": SIGN_IN,
    "signOut": SIGN_OUT,
    "link": ONE_TIME_LINK,
    "tablet": TABLET_PAGE,
    "tabletState": TABLET_STATE,
    "worker": WORKER,
    "waiting": WAITING_PAGE,
    "handIn": HAND_IN_PAGE,
    "who": WHO,
    "records": RECORD_CALLS,
    "far": FAR,
    "ground": GROUND,
    "known": KNOWN,
    "evidence": EVIDENCE_CALLS,
    "health": HEALTH,
}
"""The addresses that our scripts go to, by the names that they use: a page hands them over with the outbox."""


def row_number(typed: str | None) -> int | None:
    """The number of a row that an address gives, None for anything that numbers no row of any database."""
    return int(typed) if typed and typed.isascii() and typed.isdigit() and len(typed) < 10 else None
