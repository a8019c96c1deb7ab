"""What happens once when the app starts: the database examined, tables, plans, and the link for the first
administrator.
"""

from datetime import date

from dashboard.server.addresses import ONE_TIME_LINK
from data_model.accounts import one_time_links
from data_model.core import settings
from data_model.core.database import Database, NewerDatabase, OtherDatabase, WrongAddress, told_apart
from data_model.core.problems import Say
from data_model.core.unavailable import Unavailable
from data_model.journal.listing import FIRST_DAY, LAST_DAY
from seed.load import load_everything

# Both languages: nobody has signed in yet, and a log may be read by whoever set the machine up.
_WHAT_TO_DO = {
    Say.DATABASE_BUSY: (
        "cơ sở dữ liệu đang bị chương trình khác khoá. Đóng chương trình đó rồi khởi động lại.",
        "the database is locked by another program. Close that program and start again.",
    ),
    Say.DATABASE_FULL: (
        "ổ đĩa của cơ sở dữ liệu đã đầy. Giải phóng dung lượng rồi khởi động lại.",
        "the disk of the database is full. Make room and start again.",
    ),
    Say.DATABASE_READ_ONLY: (
        "không ghi được vào cơ sở dữ liệu. Cấp quyền ghi cho tệp và thư mục của nó rồi khởi động lại.",
        "the database cannot be written. Give this program the right to write to its file and folder and start again.",
    ),
    Say.DATABASE_DAMAGED: (
        "cơ sở dữ liệu bị hỏng, chưa ghi gì vào đó. Khôi phục từ bản sao lưu gần nhất rồi khởi động lại.",
        "the database is damaged; nothing was written into it. Restore the latest backup in its place and start again.",
    ),
    Say.DATABASE_AWAY: (
        (
            "không kết nối được cơ sở dữ liệu. Kiểm tra DATABASE_URL (hoặc SO_GIAM_SAT_DATA) và máy chủ của nó rồi khởi"
            " động lại."
        ),
        "the database cannot be reached. Check DATABASE_URL (or SO_GIAM_SAT_DATA) and its server and start again.",
    ),
}


class CannotStart(Exception):
    """The app cannot start. The text is one sentence in each language that says what to do."""


def cannot_start(where: object, vietnamese: str, english: str) -> CannotStart:
    """The sentence for the log, with the place that it is about."""
    return CannotStart(f"Không khởi động được ({where}): {vietnamese} / Cannot start: {english}")


def check_settings() -> None:
    """Raises CannotStart for a setting that would make every later call fail."""
    pinned = settings.pinned_today()
    try:
        day = date.fromisoformat(pinned or "2024-01-01")
        if not FIRST_DAY <= day <= LAST_DAY:
            raise ValueError("a year in which no plan is carried out, from which deadlines cannot be counted")
    except ValueError:
        raise cannot_start(
            f"SO_GIAM_SAT_TODAY={pinned}",
            "giá trị này không phải ngày từ năm 2000 đến năm 2999. Viết như 2024-11-15 hoặc bỏ trống.",
            "this is no day of the years 2000 to 2999. Write it as 2024-11-15, or leave it out.",
        ) from None


def check_database() -> None:
    """Raises CannotStart when the settings name no database that can be opened."""
    try:
        Database().close()
    except WrongAddress:
        raise cannot_start(
            "DATABASE_URL",
            "địa chỉ cơ sở dữ liệu không đúng. Viết như postgresql://user:password@host/name.",
            "this is no address of a database. Write it as postgresql://user:password@host/name.",
        ) from None
    except OSError as error:
        raise cannot_start(
            f"SO_GIAM_SAT_DATA: {error}",
            "không dùng được thư mục dữ liệu. Chọn thư mục mà chương trình được phép ghi.",
            "the data folder cannot be used. Name a folder that this program may write to.",
        ) from None


def prepare(database: Database) -> str | None:
    """Make the database ready; gives the path of the first administrator's one-time link, None when accounts exist.

    Raises CannotStart, and has written nothing, when it cannot be made ready.
    """
    where = database.engine.url.render_as_string(hide_password=True)
    try:
        with told_apart():
            if complaints := database.complaints():
                raise cannot_start(f"{where}: {complaints[0]}", *_WHAT_TO_DO[Say.DATABASE_DAMAGED])
            database.migrate()
            with database.starting() as session:
                load_everything(session, examples=not settings.is_sample())
                token = one_time_links.first_link(session)
    except Unavailable as away:
        raise cannot_start(where, *_WHAT_TO_DO[away.say]) from away
    except NewerDatabase:
        raise cannot_start(
            where,
            "cơ sở dữ liệu này do phiên bản mới hơn của chương trình tạo ra. Dùng phiên bản đó hoặc một bản sao lưu cũ"
            " hơn.",
            "this database was made by a newer version of the program. Use that version, or an older backup.",
        ) from None
    except OtherDatabase as error:
        raise cannot_start(
            f"{where}: {error}",
            "trong cơ sở dữ liệu này có thứ khác hoặc thiếu bảng. Dùng một cơ sở dữ liệu trống hoặc khôi phục bản sao"
            " lưu.",
            "this database holds something else, or tables are missing. Use an empty one, or restore a backup.",
        ) from error
    return f"{ONE_TIME_LINK}/{token}" if token else None
