from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pyarrow as pa
import pytest

from evaluate.made import tables
from goodricke.errors import WriteError
from goodricke.evaluate import EvaluationOptions, Report, evaluate
from goodricke.output.report import summary_lines, write_report
from goodricke.output.report_blocks import Block, Section, shown
from goodricke.output.report_html import page
from goodricke.output.report_sections import sections


@pytest.fixture(scope="module")
def report() -> Report:
    made = tables(600)
    options = EvaluationOptions(n_resamples=50)
    return evaluate({"model": made["model"], "other": made["other"]}, made["truth"], options)


@pytest.fixture(scope="module")
def folder(report: Report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("out") / "report"
    write_report(report, target)
    return target


class Page(HTMLParser):
    """Tags left open, links within the page, and what it would fetch."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.pictures = 0
        self.fetched: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag not in ("meta", "img", "br"):
            self.open.append(tag)
        if "id" in found:
            self.ids.add(str(found["id"]))
        if tag == "img":
            self.pictures += 1
            assert found["alt"]
        for key in ("src", "href"):
            target = found.get(key) or ""
            if target.startswith("#"):
                self.links.append(target[1:])
            elif target and not target.startswith("data:image/png;base64,"):
                self.fetched.append(target)
        assert tag not in ("script", "link", "iframe")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_json_holds_every_figure(report: Report, folder: Path) -> None:
    found = json.loads((folder / "report.json").read_text())
    assert found == json.loads(json.dumps(report.to_dict()))
    assert "NaN" not in (folder / "report.json").read_text()


def test_the_page_needs_nothing_else(report: Report, folder: Path) -> None:
    found = Page((folder / "report.html").read_text())
    assert found.open == []
    assert found.fetched == []
    assert set(found.links) <= found.ids
    assert len(found.links) == len(sections(report))
    assert found.pictures == len(list(folder.glob("*.png"))) >= 8
    assert shown(report.models["model"]["scopes"]["all"]["macro_f1"]).split()[0] in found.text


def test_markdown_links_to_pictures_that_are_there(report: Report, folder: Path) -> None:
    text = (folder / "report.md").read_text()
    linked = re.findall(r"!\[[^]]*\]\(([^)]+)\)", text)
    assert sorted(linked) == sorted(path.name for path in folder.glob("*.png"))
    table = [line for line in text.splitlines() if line.startswith("|")]
    assert shown(report.models["model"]["scopes"]["all"]["accuracy"]) in table[2]
    widths = {line.count(" | ") for line in table[2:6]}
    assert len(widths) == 1


def test_all_pictures_are_png_and_small(folder: Path) -> None:
    found = {path.stem: path.read_bytes() for path in folder.glob("*.png")}
    assert set(found) == {
        "class_f1", "confusion", "reliability", "precision_recall", "risk_coverage", "periods", "by_n_points",
        "by_span_days", "by_mag",
    }  # fmt: skip
    for png in found.values():
        assert png.startswith(b"\x89PNG")
        assert len(png) < 300_000


def test_labels_alone_make_a_smaller_report(tmp_path: Path) -> None:
    said = pa.table({"object_id": ["a", "b", "c"], "label": ["EA", "EW", "EW"]})
    known = pa.table({"object_id": ["a", "b", "c"], "label": ["EA", "EW", "EA"]})
    found = evaluate({"m": said}, known, EvaluationOptions(n_resamples=0))
    names = {path.name for path in write_report(found, tmp_path)}
    assert names == {"report.html", "report.md", "report.json", "class_f1.png", "confusion.png", "risk_coverage.png"}
    assert "Calibration" not in (tmp_path / "report.md").read_text()


def test_one_class_and_one_star_still_make_a_report(tmp_path: Path) -> None:
    said = pa.table({"object_id": ["a"], "prob_EA": [0.8], "prob_EW": [0.2]})
    found = evaluate({"m": said}, pa.table({"object_id": ["a"], "label": ["EA"]}), EvaluationOptions(n_resamples=5))
    assert len(write_report(found, tmp_path)) == 8


def test_text_of_strangers_is_text(report: Report) -> None:
    evil = '<script>alert("x")</script>'
    text = page(evil, [Section("S", (f"`{evil}` *so*",), (Block(("a", evil), ((evil, "1"),), evil),))], {})
    assert "<script" not in text
    assert "<em>so</em>" in text
    assert "<code>&lt;script" in text


def test_numbers_stand_right_and_words_left() -> None:
    block = Block(
        ("a", "b", "c", "d"), (("1", "0.5 [0.4, 0.6]", "3 points are too few", "–"), ("2", "1,200", "x", "7%"))
    )
    assert block.numeric == (False, True, False, True)
    assert Block(("a", "b"), ()).numeric == (False, False)
    assert shown(None) == shown({"value": None, "low": None, "high": None}) == "–"
    assert shown({"value": 0.5, "low": None, "high": None}) == "0.500"


def test_the_terminal_gets_a_table(report: Report) -> None:
    lines = summary_lines(report)
    assert lines[0].startswith("model ")
    assert [line.split()[0] for line in lines[1:5]] == ["model", "other", "majority", "random"]
    assert "25 left out" in lines[-1]
    assert "abstained" in lines[-1]


def test_a_folder_that_cannot_be_made_is_an_error(report: Report, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WriteError, match="choose another folder"):
        write_report(report, tmp_path / "file" / "report")
