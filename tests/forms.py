"""One notice in every form of file, written by the programs and libraries that people write such files with."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from html import escape
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup, Tag


@dataclass(frozen=True)
class Line:
    """A paragraph; a heading where it has a level."""

    text: str
    level: int = 0


@dataclass(frozen=True)
class GridCell:
    """A cell that begins in a row, with the rows and columns that it covers."""

    text: str
    column: int
    rowspan: int = 1
    colspan: int = 1
    url: str = ""


@dataclass(frozen=True)
class Grid:
    """A table, the cells of each row in order."""

    rows: tuple[tuple[GridCell, ...], ...]

    @property
    def width(self) -> int:
        return max(cell.column + cell.colspan for row in self.rows for cell in row)

    def filled(self, title: Callable[[GridCell], str] = lambda cell: cell.text) -> list[list[str]]:
        """The rows with a spanning cell's words at each place, for forms without spans."""
        rows = [[""] * self.width for _ in self.rows]
        for at, row in enumerate(self.rows):
            for cell in row:
                for down in range(cell.rowspan):
                    for right in range(cell.colspan):
                        rows[at + down][cell.column + right] = title(cell)
        return rows


def address(cell: GridCell) -> str:
    """A linked title's address, for forms without links."""
    return cell.url or cell.text


Blocks = Sequence[Line | Grid]


def blocks_of_text(text: str) -> list[Line | Grid]:
    """The lines of a notice in plain text."""
    return [Line(line.strip()) for line in text.splitlines() if line.strip()]


def blocks_of_page(markup: str) -> list[Line | Grid]:
    """Headings, paragraphs and tables of a page that has nothing else."""
    body = BeautifulSoup(markup, "lxml").body
    assert body is not None
    found: list[Line | Grid] = []
    for tag in body.find_all(["h1", "h2", "h3", "p", "li", "div", "table"]):
        if tag.find_parent("table") or (tag.name == "div" and tag.find(["p", "h2", "table", "div"])):
            continue
        if tag.name == "table":
            found.append(_grid(tag))
        elif words := " ".join(tag.get_text().split()):
            found.append(Line(words, int(tag.name[1]) if tag.name[0] == "h" else 0))
    return found


def _grid(table: Tag) -> Grid:
    rows: list[tuple[GridCell, ...]] = []
    taken: set[tuple[int, int]] = set()
    for at, tr in enumerate(table.find_all("tr")):
        row: list[GridCell] = []
        column = 0
        for td in tr.find_all(["td", "th"]):
            while (at, column) in taken:
                column += 1
            rowspan, colspan = int(td.get("rowspan", 1)), int(td.get("colspan", 1))  # type: ignore[arg-type]
            taken.update((at + down, column + right) for down in range(rowspan) for right in range(colspan))
            link = td.find("a", href=True)
            words = "\n".join(" ".join(part.split()) for part in td.get_text("\n").splitlines() if part.strip())
            words = " ".join(td.get_text().split()) if link else words
            row.append(GridCell(words, column, rowspan, colspan, str(link["href"]) if isinstance(link, Tag) else ""))
            column += colspan
        rows.append(tuple(row))
    return Grid(tuple(rows))


# ---- text with marks


def to_text(blocks: Blocks) -> bytes:
    """Plain text, tables with tabs, addresses for linked titles."""
    parts = []
    for block in blocks:
        if isinstance(block, Line):
            parts.append(block.text + "\n\n")
        else:
            rows = [[" ".join(words.split()) for words in row] for row in block.filled(address)]
            parts.append("".join("\t".join(row) + "\n" for row in rows) + "\n")
    return "".join(parts).encode()


def to_html(blocks: Blocks) -> bytes:
    """A page."""
    return (_page(blocks)).encode()


def _page(blocks: Blocks, style: str = "") -> str:
    parts = [f"<!DOCTYPE html><html><head><meta charset=utf-8>{style}</head><body>\n"]
    for block in blocks:
        if isinstance(block, Line):
            tag = f"h{block.level}" if block.level else "p"
            parts.append(f"<{tag}>{escape(block.text)}</{tag}>\n")
            continue
        parts.append("<table>\n")
        for at, row in enumerate(block.rows):
            parts.append("<tr>" + "".join(_html_cell(cell, "th" if at == 0 else "td") for cell in row) + "</tr>\n")
        parts.append("</table>\n")
    return "".join(parts) + "</body></html>\n"


def _html_cell(cell: GridCell, tag: str) -> str:
    words = escape(cell.text).replace("\n", "<br>")
    if cell.url:
        words = f'<a href="{escape(cell.url)}">{words}</a>'
    return f'<{tag} rowspan="{cell.rowspan}" colspan="{cell.colspan}">{words}</{tag}>'


def to_markdown(blocks: Blocks) -> bytes:
    """Markdown, with pipe tables."""
    parts = []
    for block in blocks:
        if isinstance(block, Line):
            parts.append("#" * block.level + " " * bool(block.level) + block.text + "\n\n")
            continue
        for at, cells in enumerate(block.filled(_markdown_cell)):
            parts.append("| " + " | ".join(cells) + " |\n" + ("|" + "---|" * block.width + "\n") * (at == 0))
        parts.append("\n")
    return "".join(parts).encode()


def _markdown_cell(cell: GridCell) -> str:
    words = cell.text.replace("|", "\\|").replace("\n", "<br>")
    return f"[{words}]({cell.url})" if cell.url else words


# ---- Office


def to_docx(blocks: Blocks) -> bytes:
    """DOCX by python-docx."""
    import docx

    package = docx.Document()
    for block in blocks:
        if isinstance(block, Line):
            if block.level:
                package.add_heading(block.text, block.level)
            else:
                package.add_paragraph(block.text)
            continue
        table = package.add_table(len(block.rows), block.width)
        for at, row in enumerate(block.rows):
            for cell in row:
                target = table.cell(at, cell.column)
                if cell.rowspan > 1 or cell.colspan > 1:
                    target = target.merge(table.cell(at + cell.rowspan - 1, cell.column + cell.colspan - 1))
                if cell.url:
                    _docx_link(target.paragraphs[0], cell.text, cell.url)
                else:
                    target.text = cell.text
    stream = io.BytesIO()
    package.save(stream)
    return stream.getvalue()


def _docx_link(paragraph: Any, words: str, url: str) -> None:
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    run = OxmlElement("w:r")
    run.text = words
    link.append(run)
    paragraph._p.append(link)


def to_xlsx(blocks: Blocks) -> bytes:
    """XLSX by openpyxl: title rows, a blank row, the table with merged cells."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    at = 1
    for block in blocks:
        if isinstance(block, Line):
            sheet.cell(at, 1, block.text)
            at += 1
            continue
        at += 1
        for number, row in enumerate(block.rows, start=at):
            for cell in row:
                place = sheet.cell(number, cell.column + 1, cell.text)
                if cell.url:
                    place.hyperlink = cell.url
                if cell.rowspan > 1 or cell.colspan > 1:
                    sheet.merge_cells(
                        start_row=number,
                        start_column=cell.column + 1,
                        end_row=number + cell.rowspan - 1,
                        end_column=cell.column + cell.colspan,
                    )
        at += len(block.rows) + 1
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def to_csv(blocks: Blocks, encoding: str = "utf-8-sig") -> bytes:
    """CSV as Excel saves it, title rows above the table."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    for block in blocks:
        if isinstance(block, Line):
            writer.writerow([block.text])
            continue
        writer.writerows(block.filled(address))
    return stream.getvalue().encode(encoding)


# ---- PDF


def to_pdf(blocks: Blocks, *, footer: str = "第 {page} 页", header: str = "", height: float = 842.0) -> bytes:
    """PDF by reportlab, in a font that every reader brings; a low page gives many."""
    from reportlab.lib import colors
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Table, TableStyle

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    body = ParagraphStyle("body", fontName="STSong-Light", fontSize=10.5, leading=15, wordWrap="CJK", spaceAfter=6)
    small = ParagraphStyle("cell", parent=body, fontSize=8, leading=11, spaceAfter=0)
    page_width = 595.0

    def furniture(canvas: Any, document: Any) -> None:
        canvas.setFont("STSong-Light", 9)
        canvas.drawCentredString(page_width / 2, 30, footer.format(page=document.page))
        if header:
            canvas.drawString(60, height - 35, header.format(page=document.page))

    def words(text: str, url: str = "") -> str:
        inner = escape(text).replace("\n", "<br/>")
        return f'<link href="{escape(url)}">{inner}</link>' if url else inner

    story: list[Any] = []
    for block in blocks:
        if isinstance(block, Line):
            size = {1: 18, 2: 15, 3: 13}.get(block.level, 10.5)
            style = ParagraphStyle(f"h{block.level}", parent=body, fontSize=size, leading=size * 1.4)
            story.append(Paragraph(words(block.text), style))
            continue
        cells: list[list[Any]] = [[""] * block.width for _ in block.rows]
        style_commands: list[Any] = [("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("VALIGN", (0, 0), (-1, -1), "TOP")]
        for at, row in enumerate(block.rows):
            for cell in row:
                cells[at][cell.column] = Paragraph(words(cell.text, cell.url), small)
                if cell.rowspan > 1 or cell.colspan > 1:
                    corner = (cell.column + cell.colspan - 1, at + cell.rowspan - 1)
                    style_commands.append(("SPAN", (cell.column, at), corner))
        head = max((at + cell.rowspan for at, row in enumerate(block.rows[:1]) for cell in row), default=1)
        width = (page_width - 120) / block.width
        story.append(Table(cells, [width] * block.width, style=TableStyle(style_commands), repeatRows=head))
    stream = io.BytesIO()
    template = SimpleDocTemplate(
        stream, pagesize=(page_width, height), leftMargin=60, rightMargin=60, topMargin=60, bottomMargin=60
    )
    template.build(story, onFirstPage=furniture, onLaterPages=furniture)
    return stream.getvalue()


CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), ""
)
_PRINT_STYLE = "<style>table{border-collapse:collapse}td,th{border:1px solid black;padding:4px;font-size:9pt}</style>"


def to_printed_page(blocks: Blocks, folder: Path) -> bytes:
    """PDF as Chromium prints the page, with its header and footer."""
    source, target = folder / "page.html", folder / "page.pdf"
    source.write_text(_page(blocks, _PRINT_STYLE), encoding="utf-8")
    subprocess.run(
        [
            CHROMIUM,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            f"--user-data-dir={folder / 'profile'}",
            f"--print-to-pdf={target}",
            source.as_uri(),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return target.read_bytes()


class _Browser:
    """Chromium without a window, told what to do over a pair of pipes."""

    def __init__(self, folder: Path) -> None:
        ours, theirs = os.pipe(), os.pipe()
        ends = {3: ours[0], 4: theirs[1]}
        self._process = subprocess.Popen(
            [
                "bash",
                "-c",
                f'exec "$@" 3<&{ends[3]} 4>&{ends[4]}',
                "bash",
                CHROMIUM,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                f"--user-data-dir={folder / 'profile'}",
                "--remote-debugging-pipe",
            ],
            pass_fds=tuple(ends.values()),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for end in ends.values():
            os.close(end)
        self._to, self._from = os.fdopen(ours[1], "wb"), os.fdopen(theirs[0], "rb")
        self._count = 0
        self._rest = b""

    def call(self, method: str, session: str | None = None, **parameters: Any) -> dict[str, Any]:
        self._count += 1
        message = {"id": self._count, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        self._to.write(json.dumps(message).encode() + b"\0")
        self._to.flush()
        while True:
            answer = self._read()
            if answer.get("id") == self._count:
                result: dict[str, Any] = answer["result"]
                return result

    def wait(self, event: str) -> None:
        while self._read().get("method") != event:
            pass

    def _read(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            more = self._from.read1(1 << 16)
            if not more:
                raise EOFError("the browser is gone")
            self._rest += more
        message, _, self._rest = self._rest.partition(b"\0")
        answer: dict[str, Any] = json.loads(message)
        return answer

    def close(self) -> None:
        self._to.close()
        self._process.terminate()
        self._process.wait(timeout=60)
        self._from.close()


def to_saved_page(blocks: Blocks, folder: Path) -> bytes:
    """MHTML as Chromium saves the page."""
    source = folder / "page.html"
    source.write_text(_page(blocks, _PRINT_STYLE), encoding="utf-8")
    browser = _Browser(folder)
    try:
        target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        browser.call("Page.enable", session)
        browser.call("Page.navigate", session, url=source.as_uri())
        browser.wait("Page.loadEventFired")
        saved: str = browser.call("Page.captureSnapshot", session, format="mhtml")["data"]
    finally:
        browser.close()
    return saved.encode()


# ---- packed


def to_mhtml(blocks: Blocks, encoding: str = "utf-8", transfer: str = "quoted-printable") -> bytes:
    """MHTML in the form that Chromium saves: the page, then a style sheet and a picture."""
    where = "https://app.example.com/sdk"
    message = EmailMessage(policy=SMTP)
    message["From"] = "<Saved by Blink>"
    message["Snapshot-Content-Location"] = where
    message["Subject"] = "SDK目录"
    message["MIME-Version"] = "1.0"
    message.add_header("Content-Type", "multipart/related", type="text/html", boundary="----MultipartBoundary--x----")
    page = EmailMessage(policy=SMTP)
    page.set_content(
        _page(blocks).replace("charset=utf-8", f"charset={encoding}").encode(encoding),
        "text",
        "html",
        cte=transfer,
    )
    if encoding != "utf-8":
        page.set_param("charset", encoding)
    page["Content-Location"] = where
    style = EmailMessage(policy=SMTP)
    style.set_content("p{color:black}", subtype="css")
    style["Content-Location"] = "cid:css-1@mhtml.blink"
    picture = EmailMessage(policy=SMTP)
    picture.set_content(b"\x89PNG\r\n\x1a\n" + bytes(40), "image", "png")
    for part in (page, style, picture):
        message.attach(part)
    return message.as_bytes()


def to_gzip(data: bytes) -> bytes:
    """The same, packed."""
    return gzip.compress(data)


def written(blocks: Blocks) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of a notice in each form that needs no program."""
    yield "notice.txt", to_text(blocks)
    yield "notice.html", to_html(blocks)
    yield "notice.md", to_markdown(blocks)
    yield "notice.docx", to_docx(blocks)
    yield "notice.xlsx", to_xlsx(blocks)
    yield "notice.csv", to_csv(blocks)
    yield "notice.pdf", to_pdf(blocks)
    yield "notice.mhtml", to_mhtml(blocks)
    yield "notice.html.gz", to_gzip(to_html(blocks))
