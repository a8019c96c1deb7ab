"""The report of a frozen quarter, made once from its content; every file format writes what stands here."""

from contextvars import copy_context
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from dashboard.i18n.words import money, percent, say, speak
from dashboard.map.schematic import cells
from dashboard.report import other_tables as other
from dashboard.report import pictures, words
from dashboard.report.front import front
from dashboard.report.other_tables import in_groups
from dashboard.report.parts import (
    Block,
    Chart,
    Heading,
    Picture,
    Report,
    Section,
    Signature,
    Table,
    Text,
    in_parts,
    text_row,
)
from dashboard.report.summary import sentences
from dashboard.report.target_tables import MOST_COMMUNES, matrix, short_table, target_table
from data_model.counting.rules import TargetStatus
from data_model.snapshots.content import SnapshotContent
from data_model.snapshots.report_settings import ReportSettings
from data_model.units.tables import Unit


@dataclass(frozen=True)
class Standing:
    """What is known of a snapshot beside its content: its status in Vietnamese, whether it was ever issued, its seal,
    who approved it, the document's day."""

    status: str
    issued: bool
    full_hash: str
    approved: str = ""
    issued_on: date | None = None


@dataclass(frozen=True)
class PreparedReport:
    """A report and its drawings, ready to be written in any format."""

    report: Report
    drawings: dict[str, pictures.Drawing]

    def with_journal_head(self, number: int, digest: str) -> "PreparedReport":
        """The same with the head of the journal at the moment of printing, which stands for every entry up to it."""
        said = text_row(words.JOURNAL_HEAD, f"số {number}: {in_groups(digest)}")
        *sections, last = self.report.sections  # the annex that says what was frozen
        table, *blocks = last.blocks
        assert isinstance(table, Table) and table.name == words.IDENTITY_SHEET
        table = replace(table, rows=(*table.rows, said))
        front = replace(self.report.front, foot=f"{self.report.front.foot} · đầu nhật ký số {number}: {digest[:12]}")
        return replace(
            self,
            report=replace(self.report, sections=(*sections, replace(last, blocks=(table, *blocks))), front=front),
        )


def make(content: SnapshotContent, settings: ReportSettings, standing: Standing) -> PreparedReport:
    """The report in Vietnamese, whatever language the interface speaks."""
    return copy_context().run(_make, content, settings, standing)


def _make(content: SnapshotContent, settings: ReportSettings, standing: Standing) -> PreparedReport:
    speak("vi")
    return PreparedReport(_report(content, settings, standing), _drawings(content))


def _report(content: SnapshotContent, settings: ReportSettings, standing: Standing) -> Report:
    known = content.identity
    said = words.period(known.period, known.year, known.own_days)
    return Report(
        heading=Heading(
            superior=settings.superior,
            body=settings.body,
            number=words.numbered(content.texts.number, settings.symbol),
            place_and_date=words.dated(settings.place, standing.issued_on),
            kind=settings.kind,
            abstract=words.abstract(say(known.plan_name), said, content.texts.send_by),
            addressee=settings.addressee,
        ),
        signature=Signature(settings.authority, settings.signer_title, settings.signer_name, settings.recipients),
        marks=_marks(known.is_sample, standing),
        sections=_numbered(_sections(content, standing)),
        foot=words.FOOT,
        made_at=known.made_at,
        author=known.author.name,
        short_hash=standing.full_hash[:12],
        charts=_charts(),
        only_excel=(other.records(content), other.left_out(content)),
        front=front(content, standing.full_hash, standing.status),
    )


def _marks(is_sample: bool, standing: Standing) -> tuple[str, ...]:
    mark = words.MARKS.get(standing.status, "" if standing.issued else words.NOT_ISSUED)
    return tuple(one for one in (mark, words.SAMPLE if is_sample else "") if one)


def _sections(content: SnapshotContent, standing: Standing) -> list[Section]:
    texts = content.texts
    bars = [
        Picture(f"bars{part}", words.BARS, words.BARS, native=True)
        for part, _bars in enumerate(_bar_groups(content), 1)
    ]
    chapters = iter(words.CHAPTERS)
    return [
        Section(next(chapters), tuple(Text(one) for one in sentences(content))),
        Section(
            next(chapters),
            (
                other.headline(content),
                short_table(content),
                Text(words.SEE_TARGETS),
                *other.after_last_day(content),
                *bars,
                other.by_quarter(content),
                Picture("mean", words.MEAN_LINES, words.MEAN_LINES, native=True),
            ),
        ),
        Section(
            next(chapters),
            (
                Text(words.SEE_MATRIX),
                Picture("map", words.MAP, words.MAP),
                *_ended(content),
                other.attendance(content),
            ),
        ),
        Section(
            next(chapters),
            (
                other.budget(content),
                other.sources(content),
                Picture("paid", words.PAID_LINES, words.PAID_LINES, native=True),
            ),
        ),
        Section(
            next(chapters),
            (
                other.rounds(content),
                other.follow_up(content),
                Text(words.SEE_RECOMMENDATIONS),
                *([Text(words.SEE_UNMET)] if content.unmet else []),
            ),
        ),
        Section(
            next(chapters),
            (
                Text(texts.difficulties or words.BLANK, "Khó khăn, vướng mắc và nguyên nhân"),
                Text(texts.proposals or words.BLANK, "Kiến nghị, đề xuất"),
            ),
        ),
        Section(next(chapters), (Text(texts.next_tasks or words.BLANK),)),
        Section(words.TARGETS_TITLE, (target_table(content),), annex=True, wide=True),
        Section(words.MATRIX_TITLE, tuple(in_parts(matrix(content), 2, MOST_COMMUNES)), annex=True, wide=True),
        Section(words.UNMET_TITLE, (other.unmet(content),), annex=True),
        Section(words.RECOMMENDATIONS_TITLE, (other.recommendations(content),), annex=True),
        Section(words.CHANGES_AND_QUALITY, (other.changes(content), other.quality(content)), annex=True),
        Section(
            words.IDENTITY_TITLE,
            (other.identity(content, standing.full_hash, standing.status, standing.approved),),
            annex=True,
        ),
    ]


def _ended(content: SnapshotContent) -> tuple[Text, ...]:
    """Communes that ended before the period did are not on the map of its last day; what was done there is told
    here.
    """
    ended = [unit for unit in content.units if not content.stands(unit)]
    if not ended:
        return ()
    told = "; ".join(f"{unit.full_name}: {unit.happened} {words.RECORDS_THERE}" for unit in ended)
    return (Text(f"{told}. {words.ENDED_NOTE}", words.ENDED),)


def _numbered(sections: list[Section]) -> tuple[Section, ...]:
    """Chapters in Roman numerals, tables and pictures counted through; an annex's only table needs no second title."""
    numbered, tables, drawn, chapters = [], 0, 0, 0
    for section in sections:
        blocks: list[Block] = []
        for block in section.blocks:
            if isinstance(block, Table) and block.title:
                tables += 1
                block = replace(block, title=f"Bảng {tables}. {block.title}")
            elif isinstance(block, Picture):
                drawn += 1
                block = replace(block, title=f"Hình {drawn}. {block.title}")
            blocks.append(block)
        chapters += not section.annex
        title = section.title.upper() if section.annex else f"{words.ROMAN[chapters - 1]}. {section.title.upper()}"
        numbered.append(replace(section, title=title, blocks=tuple(blocks)))
    return tuple(numbered)


def _charts() -> tuple[Chart, ...]:
    return (
        Chart("Tình trạng", "column", words.HEADLINE_TITLE, 0, (1,)),
        Chart(words.TARGETS_SHEET, "bar", words.BARS, 1, (9, 10)),
        Chart("Luỹ kế theo quý", "line", words.MEAN_LINES, 0, (1, 2)),
        Chart("Luỹ kế theo quý", "line", words.PAID_LINES, 0, (3,)),
    )


MOST_BARS = 22
"""Targets whose bars stand on one page together."""


def _bar_groups(content: SnapshotContent) -> list[list[pictures.Bar]]:
    bars = [
        pictures.Bar(
            f"{target.code} {say(target.name)}",
            target.status,
            target.percent,
            Fraction(target.planned) / target.need if target.planned is not None and target.need else None,
        )
        for target in content.targets
        if target.status is not TargetStatus.NO_NUMBER
    ]
    return [bars[start : start + MOST_BARS] for start in range(0, len(bars), MOST_BARS)]


def _drawings(content: SnapshotContent) -> dict[str, pictures.Drawing]:
    trend = content.trend
    done = tuple(None if point.is_forecast else point.mean for point in trend)
    ahead = tuple(point.mean if point.is_forecast else None for point in trend)
    # The forecast begins where the figures end, so that the two lines meet.
    meet = next((place - 1 for place, value in enumerate(ahead) if value is not None and place), None)
    ahead = tuple(done[place] if place == meet else value for place, value in enumerate(ahead))
    drawn = {
        "map": _map(content),
        "mean": pictures.year_lines(
            [
                pictures.Run("Bình quân thực hiện (xác nhận)", done),
                *([pictures.Run("Dự báo theo nhịp hiện nay", ahead, dashed=True)] if any(ahead) else []),
            ],
            percent,
        ),
        "paid": pictures.year_lines(
            [
                pictures.Run(
                    "Giải ngân luỹ kế (xác nhận)", tuple(None if point.is_forecast else point.paid for point in trend)
                )
            ],
            money,
        ),
    }
    for part, bars in enumerate(_bar_groups(content), 1):
        drawn[f"bars{part}"] = pictures.target_bars(bars)
    return {name: drawing for name, drawing in drawn.items() if drawing is not None}


def _map(content: SnapshotContent) -> pictures.Drawing | None:
    """The communes that stood at the period's end, by their outline or as a cell around their point; below, what they
    are not.
    """
    units = dict(enumerate(unit for unit in content.units if content.stands(unit)))
    known = {place: unit.outline for place, unit in units.items() if unit.outline is not None}
    spots = [
        Unit(
            id=place,
            code=unit.code,
            name=unit.name,
            kind="",
            place="",
            latitude=unit.latitude,
            longitude=unit.longitude,
        )
        for place, unit in units.items()
    ]
    drawn = known | cells(spots, known)
    communes = [
        pictures.MappedCommune(unit.name, drawn[place], unit.mean, unit.happened)
        for place, unit in units.items()
        if place in drawn
    ]
    return pictures.commune_map(communes, words.map_note(len(units), len(drawn), len(known)))
