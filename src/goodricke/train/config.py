"""The recipe of a model: a TOML file, checked to the last key.

Every bundle that ships has its recipe in ``goodricke/train/configs``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import Any

from goodricke.errors import OptionError
from goodricke.labels import VIEWS
from goodricke.networks import NAMES
from goodricke.represent.features import describe
from goodricke.represent.table import representation
from goodricke.train.classical import SETTINGS
from goodricke.train.datasets import SETS
from goodricke.train.examples import Recipe
from goodricke.train.space import space_of

__all__ = ["Config", "Member", "load_config", "shipped_configs", "teacher_of"]


_KINDS: dict[str, tuple[type, ...]] = {
    "str": (str,), "int": (int,), "float": (int, float), "tuple": (tuple,), "Mapping": (dict,),
}  # fmt: skip
_PERIODS, _PROTOCOLS = ("search", "given", "none"), ("folds", "single")
_FOLDER = re.compile(r"[a-z][a-z0-9_-]{0,63}-\d{1,9}(\.\d{1,9}){0,3}")


@dataclass(frozen=True)
class Member:
    """One model of the average."""

    family: str
    """A row of ``goodricke.models.families``, or ``network``."""
    network: str = ""
    """Of a network: a row of ``goodricke.networks.table``."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Of its training, see ``goodricke.train.classical``; of a network, its own, beside its file."""
    training: Mapping[str, Any] = field(default_factory=dict)
    """Of a network: see ``goodricke.train.loop.LoopSettings``."""
    augmentation: Mapping[str, Any] = field(default_factory=dict)
    """Of a network: see ``goodricke.train.stars.Augmentation``."""
    seed: int = 0
    """Of its training."""
    teacher: str = ""
    """Of a network: the recipe, one that ships or a TOML file beside this one, whose first member teaches it; that
    learns from the same stars, and says how likely it holds each class of them."""
    teacher_share: float = 0.5
    """So much counts what the teacher says of a star with one label, and the label the rest."""

    @property
    def title(self) -> str:
        """What it is called among the members."""
        return self.network or self.family


@dataclass(frozen=True)
class Config:
    """What makes a bundle."""

    name: str
    """Of the bundle."""
    version: str
    """A whole number as text; the newest is used when none is asked for."""
    says: str
    """One sentence for the card."""
    examples: Recipe
    """Which stars, and how they are described."""
    members: tuple[Member, ...]
    """Models whose log probabilities are averaged; one is enough. Of several, the weights are those that do best on
    unseen stars."""
    classes: str = "leaves"
    """The view (``goodricke.labels.VIEWS``) whose groups are told apart."""
    protocol: str = "folds"
    """``folds``: every star is tested by a model of the other folds, and the bundle learns from all; ``single``: the
    bundle is a model of all folds but the first, which tests it."""
    steps: int = 128
    """Points of a star that a network on raw light curves looks at, at most."""
    fewest: int = 100
    """A class with fewer certain stars is not predicted."""
    left_out: tuple[str, ...] = ("asas3_acvs", "crts_sss", "ogle4_lmc_cep", "eros1_ramp")
    """Sets that are left out in turn, to see how the model does on a survey that it never saw."""
    search: Mapping[str, Any] = field(default_factory=dict)
    """What ``goodricke search`` tries; see ``goodricke.train.space``."""


def shipped_configs() -> dict[str, Path]:
    """Name -> recipe of every bundle that ships.

    >>> sorted(shipped_configs())
    ['bigru', 'folds', 'quick', 'variables', 'variables-with-period']
    """
    folder = Path(str(files("goodricke"))) / "train" / "configs"
    return {path.stem: path for path in sorted(folder.glob("*.toml"))}


def load_config(name_or_path: str | Path) -> Config:
    """Read a recipe: the name of one that ships, or a file.

    Raises
    ------
    OptionError
        If there is no such file, or it has a key that no recipe has, or one of the wrong kind.
    """
    return _loaded(_path_of(name_or_path), ())


def teacher_of(config: Config, member: Member) -> Config:
    """The recipe whose first member teaches a member of another recipe.

    Raises
    ------
    OptionError
        If there is none, or it is made of other stars than its pupil.
    """
    teacher = load_config(member.teacher)
    _check_teacher(teacher, config, config.name)
    return teacher


def _path_of(name_or_path: str | Path) -> Path:
    return shipped_configs().get(str(name_or_path), Path(name_or_path))


def _loaded(path: Path, pupils: tuple[Path, ...]) -> Config:
    """A recipe, whose teachers are looked at too; `pupils` learn from it, each from the next."""
    if path.resolve() in [one.resolve() for one in pupils]:
        names = ", taught by ".join(one.name for one in (*pupils, path))
        raise OptionError(f"{path}: its teachers lead back to itself ({names}); take one of them away")
    try:
        with path.open("rb") as file:
            stored = tomllib.load(file)
    except FileNotFoundError:
        there = ", ".join(shipped_configs())
        raise OptionError(f"{path}: there is no such recipe; give a TOML file, or one of {there}") from None
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise OptionError(f"{path}: not a readable TOML file ({error})") from error
    where = str(path)
    examples = stored.get("examples", {})
    members = stored.get("members", [])
    if not isinstance(examples, dict) or not isinstance(members, list) or not all(isinstance(m, dict) for m in members):
        raise OptionError(f"{where}: [examples] is a table and [[members]] a list of tables")
    whole = _known({**stored, "examples": None, "members": None}, Config, where)
    config = Config(
        **{
            **whole,
            "examples": Recipe(**_known(examples, Recipe, f"{where}: [examples]")),
            "members": tuple(Member(**_known(one, Member, f"{where}: [[members]]")) for one in members),
        }
    )
    for is_right, says in _rules(config):
        if not is_right:
            raise OptionError(f"{where}: {says}")
    config = replace(config, members=tuple(_placed(one, path.parent) for one in config.members))
    for member in config.members:
        if member.teacher:
            _check_teacher(_loaded(_path_of(member.teacher), (*pupils, path)), config, where)
    space_of(config.search, where)
    try:
        describe(config.examples.groups)
    except OptionError as error:
        raise OptionError(f"{where}: {error}") from error
    return config


def _placed(member: Member, folder: Path) -> Member:
    """With a teacher that is a file beside the recipe under a path that leads there from everywhere."""
    if not member.teacher or member.teacher in shipped_configs():
        return member
    return replace(member, teacher=str((folder / member.teacher).resolve()))


def _check_teacher(teacher: Config, config: Config, where: str) -> None:
    """Both see the same stars, each in its own way, and tell the same classes apart."""
    other, own = ({**asdict(one.examples), "classes": one.classes} for one in (teacher, config))
    for key, value in own.items():
        if key not in ("groups", "period") and value != other[key]:
            raise OptionError(
                f"{where}: {key} = {value!r}, but its teacher {teacher.name} has {other[key]!r}; "
                "both learn from the same stars, so write the same"
            )


def _rules(config: Config) -> list[tuple[bool, str]]:
    """What the values must be, so that a mistake is said before hours of work and not after them."""
    recipe = config.examples
    unknown = [name for name in (*recipe.sets, *config.left_out) if name not in SETS]
    return [
        (
            bool(_FOLDER.fullmatch(f"{config.name}-{config.version}")),
            f"name {config.name!r} and version {config.version!r} do not make a folder such as my-model-1",
        ),
        (
            bool(recipe.sets) and not unknown,
            f"sets {', '.join(map(str, unknown)) or '(none)'}; there are {', '.join(SETS)}",
        ),
        (recipe.period in _PERIODS, f"period = {recipe.period!r} is none of {', '.join(_PERIODS)}"),
        (config.classes in VIEWS, f"classes = {config.classes!r} is no view; there are {', '.join(VIEWS)}"),
        (config.protocol in _PROTOCOLS, f"protocol = {config.protocol!r} is none of {', '.join(_PROTOCOLS)}"),
        (config.steps > 0, f"steps = {config.steps}; one is the least"),
        (recipe.folds >= 2, f"folds = {recipe.folds}; two are the least"),
        (bool(config.members), "there are no [[members]]; one is the least"),
        *(rule for one in config.members for rule in _rules_of_member(one)),
        *_rules_of_views(config),
        (
            not config.search or [one.family for one in config.members] == ["network"],
            "[search] is for a recipe with one member, a network",
        ),
        (
            not config.search or not any(one.teacher for one in config.members),
            "[search] tries networks that learn from labels alone; take the teacher away",
        ),
    ]


def _rules_of_views(config: Config) -> list[tuple[bool, str]]:
    """All members look at a star in one way, so that the bundle makes its inputs once."""
    views = {NAMES.get(one.network, "features") if one.family == "network" else "features" for one in config.members}
    if views & {"folds", "steps"}:
        views -= {"features"}  # which stand beside them
    needed = any(representation(view).needs_periods for view in views)
    asked = config.examples.period
    return [
        (len(views) <= 1, f"the members look at {' and '.join(sorted(views))}; one representation is made for all"),
        (
            needed == (asked != "none"),
            f"period = {asked!r}, but {', '.join(views)} are made {'with' if needed else 'without'} periods; write "
            + ("search or given" if needed else "none"),
        ),
    ]


def _rules_of_member(member: Member) -> list[tuple[bool, str]]:
    if member.family == "network":
        share = member.teacher_share
        return [
            (member.network in NAMES, f"network {member.network!r} is not known; there are {', '.join(NAMES)}"),
            (0 < share <= 1, f"teacher_share = {share}; more than 0, and 1 at most, is a share"),
        ]
    known = [*SETTINGS.get(member.family, ()), "class_weights"]
    strange = [key for key in member.settings if key not in known]
    return [
        (
            member.family in SETTINGS,
            f"family {member.family!r} cannot be trained; there are {', '.join(SETTINGS)} and network",
        ),
        (not member.teacher, f"{member.family} learns from labels alone; a teacher is for a network"),
        (not strange, f"{member.family} has no settings {', '.join(strange)}; it has {', '.join(known)}"),
    ]


def _known(stored: Mapping[str, Any], kind: type, where: str) -> dict[str, Any]:
    """The keys as the dataclass wants them: lists are tuples, nothing is unknown, nothing that it needs is missing."""
    names = {one.name: one for one in fields(kind)}
    for key in stored:
        if key not in names:
            near = get_close_matches(key, names, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(names)}"
            raise OptionError(f"{where}: key {key!r} is not known; {hint}")
    found = {key: tuple(value) if isinstance(value, list) else value for key, value in stored.items()}
    for key, value in found.items():
        wanted = str(names[key].type).split("[")[0]
        wrong = not isinstance(value, _KINDS.get(wanted, (object,))) or isinstance(value, bool)
        if value is not None and wrong:
            raise OptionError(f"{where}: {key} = {value!r} is not a {wanted}")
    try:
        kind(**found)
    except TypeError as error:
        raise OptionError(f"{where}: {str(error).partition(') ')[2] or error}") from None
    return found
