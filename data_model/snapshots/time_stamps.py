"""Time stamps (RFC 3161) of the journal's head: a server outside testifies that the head was there at that time.

The server and its root certificates are settings; without a server nothing is asked and nothing is missing.
"""

from pathlib import Path

import httpx
from cryptography.x509 import load_pem_x509_certificates
from rfc3161_client import (
    HashAlgorithm,
    TimeStampRequest,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)
from sqlmodel import Session, select

from data_model.core import journal, settings
from data_model.core.access import Act, Actor
from data_model.core.database import Database, table_of
from data_model.core.flaws import Flaw, Wrong
from data_model.core.problems import Say, refuse
from data_model.core.stored_rows import raw_columns, read_row
from data_model.core.tables import JournalSeal, JournalStamp

PATIENCE = 10.0
"""Seconds that the server has for each answer; whoever issued a snapshot waits for it."""
STAMPS, SEALS = table_of(JournalStamp), table_of(JournalSeal)


def stamp_head(database: Database, actor: Actor) -> None:
    """Have the head stamped and keep the answer. Raises Refused (TIME_STAMP_FAILED) where none comes that holds."""
    actor.require(Act.APPROVE_SNAPSHOT)
    server = settings.time_stamp_server()
    if server is None:
        return
    with database.reading() as session:
        head = journal.head(session)
    request = (
        TimestampRequestBuilder()
        .data(head.hash.encode())
        .hash_algorithm(HashAlgorithm.SHA256)
        .cert_request(cert_request=True)
        .build()
    )
    try:
        # Asked while no transaction is open: nobody waits for the network.
        answer = httpx.post(
            server,
            content=request.as_bytes(),
            headers={"content-type": "application/timestamp-query"},
            timeout=PATIENCE,
        )
        answer.raise_for_status()
        _builder(request).build().verify_message(decode_timestamp_response(answer.content), head.hash.encode())
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, VerificationError) as wrong:
        raise refuse(Say.TIME_STAMP_FAILED) from wrong
    with database.writing() as session:
        if session.get(JournalStamp, head.number) is None:
            session.add(JournalStamp(number=head.number, response=answer.content))


def stamp_flaws(session: Session) -> list[Flaw]:
    """Stamps that do not testify to the seal of their number; their signature only by root certificates that are
    set.
    """
    dialect = session.get_bind().dialect.name
    query = select(*raw_columns(STAMPS, dialect), *raw_columns(SEALS, dialect)).select_from(
        STAMPS.outerjoin(SEALS, SEALS.c.number == STAMPS.c.number)
    )
    found = [
        (read_row(STAMPS, raw), read_row(SEALS, raw))
        for raw in session.execute(query.order_by(STAMPS.c.number)).mappings()
    ]
    return [
        Flaw(Wrong.STAMP_WRONG, stamp["number"]) for stamp, seal in found if not _holds(stamp["response"], seal["hash"])
    ]


def _holds(response: bytes | str, digest: str | None) -> bool:
    if isinstance(response, str) or digest is None:  # DAMAGED is a text
        return False
    try:
        answer = decode_timestamp_response(response)
        if settings.time_stamp_roots() is None:
            return _says(answer, digest)
        return _builder().build().verify_message(answer, digest.encode())
    except (OSError, ValueError, VerificationError):
        return False


def _says(answer: TimeStampResponse, digest: str) -> bool:
    imprint = (
        TimestampRequestBuilder().data(digest.encode()).hash_algorithm(HashAlgorithm.SHA256).build().message_imprint
    )
    return answer.tst_info.message_imprint.message == imprint.message


def _builder(request: TimeStampRequest | None = None) -> VerifierBuilder:
    """Raises OSError or ValueError where the root certificates cannot be read. Without any, nothing is verified."""
    builder = VerifierBuilder() if request is None else VerifierBuilder.from_request(request)
    roots = settings.time_stamp_roots()
    for root in load_pem_x509_certificates(Path(roots).read_bytes()) if roots else ():
        builder = builder.add_root_certificate(root)
    return builder
