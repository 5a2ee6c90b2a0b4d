from __future__ import annotations

import re
import shutil
import subprocess
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pyarrow as pa
import pytest

from goodricke.output.gallery import write_gallery
from goodricke.output.plots import page_name

NASTY = "<script>alert(\"x\")</script> & 'y'"


class Parsed(HTMLParser):
    """Rows of cells, links and tags of a page, by the parser of the standard library."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.values: list[list[str | None]] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self.in_cell = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]
        if tag == "tr":
            self.rows.append([])
            self.values.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
            self.values[-1].append(dict(attrs).get("data-value"))
            self.in_cell = True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self.in_cell = False

    def handle_data(self, data: str) -> None:
        if self.in_cell:
            self.rows[-1][-1] += data


TABLE = pa.table(
    {
        "object_id": ["A 1", NASTY, "C"],
        "label": ["EW", NASTY, None],
        "probability": [0.93, 0.5, None],
        "period_days": [0.39126144, 12.0, float("nan")],
        "n_points": [1234, 20, 3],
        "status": ["ok", "ok", "failed"],
        "reason": ["", "", "too few"],
        "survey": ["", "", ""],
        "prob_EW": [0.93, 0.5, None],
    }
)


@pytest.fixture
def gallery(tmp_path: Path) -> Path:
    pages = tmp_path / "pages of stars"
    pages.mkdir()
    (pages / page_name("A 1", 0)).write_bytes(b"png")
    (pages / page_name(NASTY, 1)).write_bytes(b"png")
    (tmp_path / "a chart.png").write_bytes(b"png")
    write_gallery(TABLE, pages, tmp_path / "index.html", [tmp_path / "a chart.png"], "Stars & more")
    return tmp_path / "index.html"


def test_a_row_per_star_with_what_is_known(gallery: Path) -> None:
    page = Parsed(gallery.read_text())
    assert page.rows[0] == ["page", "star", "class", "probability", "period (d)", "points", "status", "reason"]
    assert page.rows[1][1:] == ["A 1", "EW", "0.93", "0.3912614", "1,234", "ok", "-"]
    assert page.rows[3][1:] == ["C", "-", "-", "-", "3", "failed", "too few"]
    assert page.values[1][4] == "0.39126144"
    assert page.values[3][4] == ""


def test_text_of_stars_is_escaped(gallery: Path) -> None:
    page = Parsed(gallery.read_text())
    assert page.tags.count("script") == 1
    assert page.rows[2][1] == NASTY
    assert page.rows[2][2] == NASTY


def test_links_lead_to_files_and_nowhere_else(gallery: Path) -> None:
    page = Parsed(gallery.read_text())
    assert len(page.links) == 6  # a link and a picture for each of two pages and a chart
    for link in page.links:
        assert (gallery.parent / unquote(link)).is_file()
    assert not re.search(r"https?://", gallery.read_text())
    assert page.rows[3][0] == "-"


def test_an_empty_table_is_a_page_too(tmp_path: Path) -> None:
    write_gallery(TABLE.slice(0, 0), tmp_path, tmp_path / "i.html")
    assert "0 stars" in (tmp_path / "i.html").read_text()


@pytest.mark.skipif(not shutil.which("chromium"), reason="no Chromium to run the page in")
def test_sorting_and_searching_in_a_browser(gallery: Path, tmp_path: Path) -> None:
    script = """<script>
      const column = name => document.querySelectorAll("th[data-column]")[name].firstElementChild;
      const order = () => [...document.querySelectorAll("tbody tr")].map(r => r.cells[1].textContent[0]).join("");
      const seen = [];
      column(4).click(); seen.push(order());
      column(4).click(); seen.push(order());
      column(3).click(); seen.push(order());
      const box = document.querySelector("input"); box.value = "too FEW"; box.dispatchEvent(new Event("input"));
      seen.push([...document.querySelectorAll("tbody tr")].filter(r => !r.hidden).length);
      const broken = [...document.images].filter(i => i.src.startsWith("http")).length;
      document.title = seen.join(" ") + " " + broken;
    </script></body>"""
    gallery.write_text(gallery.read_text().replace("</body>", script))
    command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}",
               "--virtual-time-budget=2000", "--dump-dom", gallery.as_uri()]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    if "<title>" not in done.stdout:
        pytest.skip("Chromium does not start here")
    # Points 3, 20, 1234; then down; then by period, where the star without one comes last.
    assert unescape(re.search("<title>(.*?)</title>", done.stdout)[1]) == "C<A A<C A<C 1 0"
