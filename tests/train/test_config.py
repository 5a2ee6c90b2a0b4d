from __future__ import annotations

from pathlib import Path

import pytest

from goodricke.errors import OptionError
from goodricke.networks import NAMES
from goodricke.networks.table import network
from goodricke.represent.features import describe
from goodricke.represent.table import representation
from goodricke.train.classical import SETTINGS
from goodricke.train.config import load_config, shipped_configs, teacher_of
from goodricke.train.datasets import SETS
from goodricke.train.loop import LoopSettings
from goodricke.train.network_fit import settings_of
from goodricke.train.recipes import recipe_text
from goodricke.train.stars import Augmentation

WHOLE = """
name = "mine"
version = "1.2"
says = "Of my stars."
fewest = 12
left_out = ["crts_sss"]

[examples]
sets = ["asas3_acvs", "crts_sss"]
groups = ["moments"]
period = "given"
thinned = 0
most = 50

[[members]]
family = "mlp"
seed = 3
settings = { members = 1, hidden_layer_sizes = [8, 4] }

[[members]]
family = "knn"
"""


def written(folder: Path, text: str) -> Path:
    (folder / "recipe.toml").write_text(text)
    return folder / "recipe.toml"


def test_a_recipe_is_read_as_it_is_written(tmp_path: Path) -> None:
    config = load_config(written(tmp_path, WHOLE))
    assert (config.name, config.version, config.says, config.fewest) == ("mine", "1.2", "Of my stars.", 12)
    assert config.left_out == ("crts_sss",)
    assert config.examples.sets == ("asas3_acvs", "crts_sss")
    assert (config.examples.period, config.examples.thinned, config.examples.most) == ("given", 0, 50)
    assert (config.examples.folds, config.examples.seed, config.examples.constant) == (5, 0, 0.05)
    assert [one.family for one in config.members] == ["mlp", "knn"]
    assert config.members[0].settings == {"members": 1, "hidden_layer_sizes": [8, 4]}
    assert [one.seed for one in config.members] == [3, 0]


@pytest.mark.parametrize("name", sorted(shipped_configs()))
def test_the_recipes_that_ship(name: str) -> None:
    config = load_config(name)
    assert config.name == name
    assert set(config.examples.sets) <= set(SETS)
    describe(config.examples.groups)  # raises where one is not known
    for member in config.members:
        if member.family == "network":
            row = network(member.network)
            settings_of(row.settings, member.settings, "the network")
            settings_of(LoopSettings, member.training, "the training")
            settings_of(Augmentation, member.augmentation, "the augmentation")
        else:
            assert set(member.settings) <= set(SETTINGS[member.family])
    assert load_config(shipped_configs()[name]) == config
    # What needs periods is given them, and what needs none does not wait for them.
    needs = {representation(NAMES.get(member.network, "features")).needs_periods for member in config.members}
    assert any(needs) == (config.examples.period != "none")
    assert (config.examples.period == "given") == ("with-period" in name)


def changed(old: str, new: str) -> str:
    assert old in WHOLE
    return WHOLE.replace(old, new)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (changed("fewest", "fewst"), r"recipe\.toml: key 'fewst' is not known; did you mean 'fewest'\?"),
        (changed("thinned", "thined"), r"recipe\.toml: \[examples\]: key 'thined' is not known; did you mean 'thinn"),
        (changed("seed = 3", "sed = 3"), r"recipe\.toml: \[\[members\]\]: key 'sed' is not known; did you mean 'seed'"),
        (changed("says", "zzzz"), "key 'zzzz' is not known; there are name, version, says, examples"),
        (changed('name = "mine"', ""), r"recipe\.toml: .*missing.*'name'"),
        (changed('groups = ["moments"]', ""), r"\[examples\]: .*missing.*'groups'"),
        (changed('family = "knn"', ""), r"\[\[members\]\]: .*missing.*'family'"),
        (changed("fewest = 12", "fewest = 1.5"), r"fewest = 1\.5 is not a int"),
        (changed("fewest = 12", "fewest = true"), "fewest = True is not a int"),
        (changed('version = "1.2"', "version = 1"), "version = 1 is not a str"),
        (changed('sets = ["asas3_acvs", "crts_sss"]', 'sets = "asas3_acvs"'), "sets = 'asas3_acvs' is not a tuple"),
        (changed("thinned = 0", 'thinned = "much"'), "thinned = 'much' is not a float"),
        (changed('family = "knn"', 'family = "knn"\nsettings = 3'), "settings = 3 is not a Mapping"),
        (changed("members = 1,", "member = 1,"), "mlp has no settings member; it has members, hidden_layer_sizes"),
        (changed('["moments"]', '["momnts"]'), "no feature or group 'momnts'; did you mean 'moments'"),
        (changed('"given"', '"gven"'), "period = 'gven' is none of search, given, none"),
        (changed("most = 50", "folds = 1"), "folds = 1; two are the least"),
        (changed('"crts_sss"]\ngroups', '"crts"]\ngroups'), "sets crts; there are asas3_acvs"),
        (changed('sets = ["asas3_acvs", "crts_sss"]', "sets = []"), r"sets \(none\); there are asas3_acvs"),
        (changed('left_out = ["crts_sss"]', 'left_out = ["ztf"]'), "sets ztf; there are"),
        (changed('family = "knn"', 'family = "network"\nnetwork = "bigrru"'), "network 'bigrru' is not known; there"),
        (changed('family = "knn"', 'family = "forest"'), "family 'forest' cannot be trained; there are boosted_trees"),
        (changed("fewest = 12", 'classes = "5class"'), "classes = '5class' is no view; there are"),
        (changed("fewest = 12", 'protocol = "double"'), "protocol = 'double' is none of folds, single"),
        (changed("fewest = 12", "steps = 0"), "steps = 0; one is the least"),
        (changed('name = "mine"', 'name = "../mine"'), r"name '\.\./mine' and version '1\.2' do not make a folder"),
        (changed('"1.2"', '"one"'), "version 'one' do not make a folder"),
        (WHOLE.split("[[members]]")[0], r"there are no \[\[members\]\]"),
        ("examples = 3\n", r"\[examples\] is a table and \[\[members\]\] a list of tables"),
        ("members = [1]\n", r"\[examples\] is a table and \[\[members\]\] a list of tables"),
        ("[members]\n", r"\[examples\] is a table and \[\[members\]\] a list of tables"),
        ("name = \n", r"recipe\.toml: not a readable TOML file \(.*line 1"),
        ("", "missing"),
    ],
)  # fmt: skip
def test_mistakes_are_named_with_file_key_and_what_there_is(text: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(OptionError, match=says) as caught:
        load_config(written(tmp_path, text))
    assert str(tmp_path / "recipe.toml") in str(caught.value)


def test_files_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match=r"varables: there is no such recipe; give a TOML file, or one of bigru"):
        load_config("varables")
    with pytest.raises(OptionError, match="not a readable TOML file"):
        load_config(tmp_path)
    (tmp_path / "b.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(OptionError, match="not a readable TOML file"):
        load_config(tmp_path / "b.toml")


NETWORK = """
name = "mine"
version = "1"
says = "Of my stars."
[examples]
sets = ["asas3_acvs"]
groups = ["moments"]
period = "none"
[[members]]
family = "network"
network = "quick"
"""
TREES = '[[members]]\nfamily = "boosted_trees"\n'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            NETWORK + NETWORK[NETWORK.index("[[") :].replace("quick", "bigru"),
            "look at sequences and steps; one represent",
        ),
        (NETWORK + NETWORK[NETWORK.index("[[") :].replace("quick", "folds"), "the members look at folds and steps"),
        (NETWORK.replace("quick", "bigru") + TREES, "the members look at features and sequences"),
        (NETWORK.replace('"none"', '"search"'), "period = 'search', but steps are made without periods; write none"),
        (NETWORK.replace("quick", "folds"), "period = 'none', but folds are made with periods; write search or given"),
        (NETWORK + TREES + "[search]\nsteps = [1, 2]\n", r"\[search\] is for a recipe with one member, a network"),
        (
            NETWORK[: NETWORK.index("[[")].replace("none", "given") + TREES + "[search]\nsteps = [1]\n",
            "one member, a netw",
        ),
        (NETWORK + "[search]\nstep = [1, 2]\n", r"recipe\.toml: key 'step' of \[search\] .* did you mean 'steps'"),
        ("search = 3\n" + NETWORK, "search = 3 is not a Mapping"),
    ],
)
def test_members_that_do_not_go_together_and_searches_of_nothing(text: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(OptionError, match=says):
        load_config(written(tmp_path, text))


# Teachers ------------------------------------------------------------------------------------------------------------

TAUGHT = NETWORK.replace("[examples]", 'classes = "4class"\n[examples]') + 'teacher = "wise.toml"\n'
WISE = TAUGHT[: TAUGHT.index("[[")].replace('"mine"', '"wise"').replace('"none"', '"given"') + TREES


def two(folder: Path, pupil: str = TAUGHT, teacher: str = WISE) -> Path:
    (folder / "wise.toml").write_text(teacher)
    return written(folder, pupil)


def test_a_teacher_is_found_beside_the_recipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    two(tmp_path)
    monkeypatch.chdir(tmp_path)
    config = load_config("recipe.toml")
    (member,) = config.members
    assert (member.teacher_share, member.teacher) == (0.5, str(tmp_path / "wise.toml"))
    monkeypatch.chdir("/")
    assert teacher_of(config, member) == load_config(tmp_path / "wise.toml")
    # So it is still found when the recipe is written elsewhere.
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "again.toml").write_text(recipe_text(config))
    assert load_config(tmp_path / "other" / "again.toml") == config


def test_a_teacher_that_ships(tmp_path: Path) -> None:
    ships = shipped_configs()["folds"].read_text()
    text = ships[: ships.index("[[")].replace('"search"', '"none"')
    config = load_config(written(tmp_path, text + NETWORK[NETWORK.index("[[") :] + 'teacher = "folds"\n'))
    assert config.members[0].teacher == "folds"
    assert teacher_of(config, config.members[0]) == load_config("folds")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("", "", None),
        ('["asas3_acvs"]', '["crts_sss"]', r"sets = \('asas3_acvs',\), but its teacher wise has \('crts_sss',\)"),
        ("groups", "seed = 1\ngroups", "seed = 0, but its teacher wise has 1; both learn from the same stars, so"),
        ("groups", "folds = 4\ngroups", "folds = 5, but its teacher wise has 4"),
        ("groups", "thinned = 0.5\ngroups", r"thinned = 0\.25, but its teacher wise has 0\.5"),
        ("groups", "elsewhere = 0.5\ngroups", r"elsewhere = 0\.3, but"),
        ("groups", "constant = 0.5\ngroups", r"constant = 0\.05, but"),
        ("groups", "simulated = 5\ngroups", "simulated = 0, but"),
        ("groups", 'without = ["ECL"]\ngroups', r"without = \(\), but its teacher wise has \('ECL',\)"),
        ("groups", "most = 7\ngroups", "most = 0, but"),
        ('"4class"', '"leaves"', "classes = '4class', but its teacher wise has 'leaves'"),
    ],
)
def test_pupil_and_teacher_learn_from_the_same_stars(old: str, new: str, says: str | None, tmp_path: Path) -> None:
    path = two(tmp_path, teacher=WISE.replace(old, new))
    if says is None:
        assert load_config(path).members[0].teacher
        return
    with pytest.raises(OptionError, match=rf"recipe\.toml: {says}"):
        load_config(path)


@pytest.mark.parametrize(
    ("pupil", "teacher", "says"),
    [
        (TAUGHT.replace("wise.toml", "wse.toml"), WISE, r"wse\.toml: there is no such recipe; give a TOML file"),
        (TAUGHT, WISE.replace("moments", "momnts"), r"wise\.toml: no feature or group 'momnts'"),
        (TAUGHT.replace("wise.toml", "recipe.toml"), WISE, r"back to itself \(recipe\.toml, taught by recipe\.toml\)"),
        (
            TAUGHT, TAUGHT.replace("wise", "recipe"),
            r"itself \(recipe\.toml, taught by wise\.toml, taught by recipe\.toml\); take one of them away",
        ),
        (TAUGHT + "teacher_share = 0\n", WISE, r"teacher_share = 0; more than 0, and 1 at most"),
        (TAUGHT + "teacher_share = 1.1\n", WISE, r"teacher_share = 1\.1; more than 0, and 1 at most"),
        (TAUGHT + 'teacher_share = "all"\n', WISE, "teacher_share = 'all' is not a float"),
        (TAUGHT + "[search]\nsteps = [10, 20]\n", WISE, "tries networks that learn from labels alone; take"),
        (WISE + 'teacher = "wise.toml"\n', WISE, "boosted_trees learns from labels alone; a teacher is for a network"),
    ],
)  # fmt: skip
def test_teachers_that_cannot_be(pupil: str, teacher: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(OptionError, match=says):
        load_config(two(tmp_path, pupil, teacher))


def test_a_teacher_may_have_learned_from_another(tmp_path: Path) -> None:
    (tmp_path / "wisest.toml").write_text(WISE)
    path = two(tmp_path, teacher=TAUGHT.replace("wise", "wisest"))
    config = load_config(path)
    teacher = teacher_of(config, config.members[0])
    assert teacher_of(teacher, teacher.members[0]).members[0].family == "boosted_trees"


def test_features_stand_beside_folds_and_steps(tmp_path: Path) -> None:
    assert len(load_config(written(tmp_path, NETWORK + TREES)).members) == 2
    both = NETWORK.replace("quick", "folds").replace('"none"', '"given"') + TREES
    assert len(load_config(written(tmp_path, both)).members) == 2
    found = load_config(written(tmp_path, NETWORK + "[search]\nsteps = [10, 20]\n"))
    assert found.search == {"steps": [10, 20]}
