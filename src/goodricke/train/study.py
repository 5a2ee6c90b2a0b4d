"""The study behind a search: what is tried next, kept as a journal of lines of JSON (optuna).

What is drawn hangs on the seed and on the trials before alone; a search that was killed goes on with the trial that it
was killed in.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from goodricke.errors import OptionError
from goodricke.train.space import Parameter

if TYPE_CHECKING:
    from optuna import Study
    from optuna.trial import Trial

__all__ = ["begin", "open_study", "trials_of"]

_FILE, _NAME, _KEY = "study.jsonl", "search", "key"
_RANDOM = 10  # trials that are drawn at random, before those that follow what has done well
_UNPRUNED = 5  # complete trials before any is ended early
_ALWAYS = 0.2  # share of the epochs that every trial is run for: the first ones tell little


def open_study(folder: Path, key: str, epochs: int) -> Study:
    """The study in a folder, as far as it has come; a new one where there is none.

    Parameters
    ----------
    folder : Path
        Of the search.
    key : str
        Of all that makes trials comparable.
    epochs : int
        Of a trial, at most.

    Raises
    ------
    OptionError
        If the folder has a study with another key.
    """
    import optuna
    from optuna.storages import JournalStorage
    from optuna.storages.journal import JournalFileBackend

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    with warnings.catch_warnings():
        # The journal was called experimental in some versions.
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        storage = JournalStorage(JournalFileBackend(str(folder / _FILE)))
    pruner = optuna.pruners.MedianPruner(n_startup_trials=_UNPRUNED, n_warmup_steps=max(2, round(_ALWAYS * epochs)))
    study = optuna.create_study(storage=storage, study_name=_NAME, pruner=pruner, load_if_exists=True)
    if study.user_attrs.get(_KEY, key) != key:
        raise OptionError(
            f"{folder} has another search (other recipe, data, --most, --epochs or --seed); name another folder"
        )
    study.set_user_attr(_KEY, key)
    return study


def begin(study: Study, space: Sequence[Parameter], values: Mapping[str, Any]) -> None:
    """Let the first trial be these values, if all of them lie in the space and nothing has been tried yet."""
    drawn = {one.name: one.drawn(values[one.name]) for one in space}
    if not study.trials and None not in drawn.values():
        study.enqueue_trial(drawn)


def trials_of(
    study: Study, space: Sequence[Parameter], most: int, seed: int, go_on: Callable[[], bool]
) -> Iterator[Trial]:
    """The trial that was interrupted, then new ones, until there are enough or somebody says stop.

    Parameters
    ----------
    study : Study
        Which must be told what came of a trial before the next is asked for.
    space : sequence of Parameter
        What is drawn.
    most : int
        Trials in all, earlier ones counted.
    seed : int
        Of what is drawn.
    go_on : callable
        Asked before every trial.
    """
    from optuna.samplers import TPESampler
    from optuna.trial import Trial, TrialState

    distributions = {one.name: one.distribution() for one in space}
    while go_on():
        begun = [one for one in study.trials if one.state != TrialState.WAITING]
        running = [one for one in begun if one.state == TrialState.RUNNING and set(one.params) == set(distributions)]
        if running:
            yield Trial(study, running[0]._trial_id)
        elif len(begun) < most:
            own = int(np.random.SeedSequence([seed, len(begun)]).generate_state(1)[0])
            study.sampler = TPESampler(n_startup_trials=_RANDOM, seed=own)
            yield study.ask(distributions)
        else:
            return
