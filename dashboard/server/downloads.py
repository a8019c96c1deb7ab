"""Files for a person to keep: sent to who asks, never kept by a browser or anybody between."""

from urllib.parse import quote

from starlette.responses import Response

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def file_answer(content: bytes, name: str, media_type: str) -> Response:
    """`content` as a file called `name`."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "_" for c in name)
    return Response(
        content,
        media_type=media_type,
        headers={
            "content-disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
            "cache-control": "no-store",
        },
    )
