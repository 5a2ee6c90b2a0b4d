from __future__ import annotations

from pathlib import Path

import click
import pytest

from goodricke.cli.config import checked, config_path, configured, load_config
from goodricke.errors import OptionError

COMMANDS = ["show", "plot"]


@click.command()
@click.argument("path", required=False)
@click.option("--purity", type=float, default=0.9)
@click.option("--limit", type=click.IntRange(min=1), default=10)
@click.option("--quality", default="default")
@click.option("--band", "bands", multiple=True)
@click.option("--clean/--no-clean", "cleaning", default=False)
@click.option("--time-frame")
@click.option("--log-format", type=click.Choice(["text", "json"]), default="text")
def show(path: str | None, **values: object) -> dict[str, object]:
    return values


def run(*arguments: str) -> dict[str, object]:
    command = configured(show, "show", COMMANDS)
    return command.main(list(arguments), standalone_mode=False)  # type: ignore[no-any-return]


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GOODRICKE_CONFIG", raising=False)


def test_default_then_file_then_environment_then_flag(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run()["purity"] == 0.9
    Path("goodricke.toml").write_text("[show]\npurity = 0.95\n")
    assert run()["purity"] == 0.95
    monkeypatch.setenv("GOODRICKE_SHOW_PURITY", "0.96")
    assert run()["purity"] == 0.96
    assert run("--purity", "0.97")["purity"] == 0.97


def test_every_kind_of_option_is_set_under_its_long_name(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("goodricke.toml").write_text(
        '[show]\nband = ["V", "g"]\nclean = true\ntime_frame = "BTJD"\nlog-format = "json"\nlimit = 3\nquality = 175\n'
        "purity = 1\n"
    )
    assert run() == {
        "bands": ("V", "g"), "cleaning": True, "time_frame": "BTJD", "log_format": "json", "limit": 3,
        "quality": "175", "purity": 1.0,
    }  # fmt: skip
    assert run("--no-clean", "--band", "r") | {"x": 0} == run() | {"cleaning": False, "bands": ("r",), "x": 0}
    monkeypatch.setenv("GOODRICKE_SHOW_BAND", "B I")
    monkeypatch.setenv("GOODRICKE_SHOW_CLEAN", "0")
    assert run()["bands"] == ("B", "I")
    assert run()["cleaning"] is False
    Path("goodricke.toml").write_text('[show]\nband = "V"\n')
    monkeypatch.delenv("GOODRICKE_SHOW_BAND")
    assert run()["bands"] == ("V",)


def test_which_file_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    assert config_path(None) is None
    for name, purity in (("goodricke.toml", 0.1), ("env.toml", 0.2), ("flag.toml", 0.3)):
        Path(name).write_text(f"[show]\npurity = {purity}\n")
    assert run()["purity"] == 0.1
    monkeypatch.setenv("GOODRICKE_CONFIG", "env.toml")
    assert run()["purity"] == 0.2
    assert run("--config", "flag.toml")["purity"] == 0.3
    with pytest.raises(OptionError, match=r"--config gone\.toml: there is no such file"):
        run("--config", "gone.toml")
    monkeypatch.setenv("GOODRICKE_CONFIG", "gone.toml")
    with pytest.raises(OptionError, match=r"\$GOODRICKE_CONFIG gone\.toml"):
        run()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[shwo]\n", r"goodricke\.toml: \[shwo\] is no command; did you mean \[show\]\? There are show, plot"),
        ("purity = 1\n", "purity stands in no table; there are show, plot"),
        ("show = 1\n", r"show = 1 should be a table; write \[show\]"),
        (
            "[show]\npurty = 1\n",
            r"goodricke\.toml: \[show\] purty: there is no such option; did you mean purity\? There are",
        ),
        ("[show]\nzzz = 1\n", "zzz: there is no such option; there are purity, limit"),
        ("[show]\nbands = 1\n", "did you mean band"),
        ("[show]\ntime_fram = 'x'\n", "did you mean time-frame"),
        ("[show]\npath = 'x'\n", "path: there is no such option"),
        ("[show]\npurity = 'high'\n", r"\[show\] purity = \"high\": this option takes a number"),
        ("[show]\npurity = true\n", "purity = true: this option takes a number"),
        ("[show]\nlimit = 2.5\n", "limit = 2.5: this option takes a whole number"),
        ("[show]\nlimit = 0\n", "limit = 0: 0 is not in the range"),
        ("[show]\nclean = 'yes'\n", 'clean = "yes": this option takes true or false'),
        ("[show]\nquality = ['a']\n", "this option takes text"),
        ("[show]\nquality = true\n", "this option takes text"),
        ("[show]\nlog-format = 'xml'\n", "log-format = \"xml\": 'xml' is not one of 'text', 'json'"),
        ("[show\n", r"goodricke\.toml: this is not TOML \(.*line 1"),
    ],
    ids=lambda value: value.replace("\n", " ").strip(),
)
def test_what_is_wrong_is_named_with_what_there_is(text: str, says: str) -> None:
    Path("goodricke.toml").write_text(text)
    with pytest.raises(OptionError, match=says):
        run()


def test_a_flag_does_not_hide_a_mistake_in_the_file() -> None:
    Path("goodricke.toml").write_text("[show]\nlimit = 'x'\n")
    with pytest.raises(OptionError, match="whole number"):
        run("--limit", "3")


def test_options_of_other_commands_are_left_to_them() -> None:
    Path("goodricke.toml").write_text("[plot]\nwhatever = 1\n")
    assert run()["limit"] == 10


def test_a_mistyped_variable_of_the_environment_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOODRICKE_SHOW_PURTY", "1")
    with pytest.raises(OptionError, match="GOODRICKE_SHOW_PURTY sets no option; did you mean GOODRICKE_SHOW_PURITY"):
        run()


def test_a_bad_value_in_the_environment_is_a_usage_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOODRICKE_SHOW_LIMIT", "many")
    with pytest.raises(click.BadParameter, match="many"):
        run()


def test_the_command_itself_is_not_changed() -> None:
    before = [(parameter.name, parameter.envvar) for parameter in show.params]
    configured(show, "show", COMMANDS)
    assert [(parameter.name, parameter.envvar) for parameter in show.params] == before


def test_help_says_where_options_come_from_and_needs_no_file(capsys: pytest.CaptureFixture[str]) -> None:
    Path("goodricke.toml").write_text("[[[")
    configured(show, "show", COMMANDS).main(["--help"], standalone_mode=False, prog_name="show")
    assert "--config FILE" in capsys.readouterr().out


def test_a_group_may_take_the_file_too(tmp_path: Path) -> None:
    @click.group()
    @click.option("--config", "config_file")
    def group(config_file: str | None) -> None: ...

    group.add_command(configured(show, "show", COMMANDS), "show")
    Path("a.toml").write_text("[show]\nlimit = 4\n")
    assert group.main(["--config", "a.toml", "show"], standalone_mode=False)["limit"] == 4


def test_files_that_cannot_be_read_are_said(tmp_path: Path) -> None:
    assert load_config(None) == {}
    (tmp_path / "b.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(OptionError, match="cannot be read"):
        load_config(tmp_path / "b.toml")
    with pytest.raises(OptionError, match="no command"):
        checked({"x": {}}, ())
