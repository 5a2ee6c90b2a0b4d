from __future__ import annotations

from pathlib import Path

import pytest

from goodricke.errors import OptionError
from goodricke.networks import NAMES
from goodricke.networks.table import network
from goodricke.represent.features import describe
from goodricke.represent.table import representation
from goodricke.train.classical import SETTINGS
from goodricke.train.config import load_config, shipped_configs
from goodricke.train.datasets import SETS
from goodricke.train.loop import LoopSettings
from goodricke.train.network_fit import settings_of
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


def test_features_stand_beside_folds_and_steps(tmp_path: Path) -> None:
    assert len(load_config(written(tmp_path, NETWORK + TREES)).members) == 2
    both = NETWORK.replace("quick", "folds").replace('"none"', '"given"') + TREES
    assert len(load_config(written(tmp_path, both)).members) == 2
    found = load_config(written(tmp_path, NETWORK + "[search]\nsteps = [10, 20]\n"))
    assert found.search == {"steps": [10, 20]}
