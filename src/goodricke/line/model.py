"""A model that can be used: a bundle, and what turns its logits into decisions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from goodricke.decide import AbstentionLimits, Calibration, Conformal, Novelty, ThresholdTable
from goodricke.errors import GoodrickeError, ModelError, OptionError
from goodricke.models import Bundle, find, load_bundle
from goodricke.represent.spectra import SPECTRAL, SpectralRepresentation, spectral
from goodricke.represent.table import Representation, representation

if TYPE_CHECKING:
    from goodricke.lightcurves import LightCurves
    from goodricke.period import Periods
    from goodricke.spectra import Spectra

__all__ = ["Model", "load_model"]


@dataclass(frozen=True, eq=False, repr=False)
class Model:
    """A classifier of light curves or of spectra, ready for use.

    Parameters
    ----------
    bundle : Bundle
        Weights and manifest.
    calibration, conformal, thresholds, novelty, limits
        What turns logits into probabilities, sets, labels of a wanted purity, and reasons to abstain; None where the
        bundle has none.
    priors : (C,)
        Class shares in training, which the probabilities carry.

    Examples
    --------
    >>> model = load_model("variables")
    >>> model.classes_[:3]
    ('CONST', 'EA', 'EB')
    """

    bundle: Bundle
    calibration: Calibration
    priors: NDArray[np.float64]
    conformal: Conformal | None
    thresholds: ThresholdTable | None
    novelty: Novelty | None
    limits: AbstentionLimits

    @property
    def classes_(self) -> tuple[str, ...]:
        """Classes in the order of the columns of `predict_proba`."""
        return tuple(self.bundle.classes)

    @property
    def name(self) -> str:
        """Name and version, such as ``variables-1``."""
        return f"{self.bundle.manifest['name']}-{self.bundle.manifest['version']}"

    @property
    def feature_names(self) -> tuple[str, ...]:
        """The features that the bundle asks for, perhaps none."""
        return tuple(self.bundle.manifest["representation"].get("names", ()))

    @property
    def looks_at(self) -> Literal["light curves", "spectra"]:
        """``"light curves"`` or ``"spectra"``."""
        return "spectra" if _name_of(self.bundle.manifest["representation"]) in SPECTRAL else "light curves"

    def must_look_at(self, kind: str) -> None:
        """Raise OptionError when it is of the other kind."""
        if self.looks_at != kind:
            usual = "spectra-binary" if kind == "spectra" else "variables"
            raise OptionError(
                f"the model {self.name} looks at {self.looks_at}, and these are {kind}; take a model such as {usual}"
            )

    @property
    def representation(self) -> Representation:
        """What a model of light curves wants to see of a star."""
        self.must_look_at("light curves")
        return representation(_name_of(self.bundle.manifest["representation"]))

    @property
    def spectral(self) -> SpectralRepresentation:
        """What a model of spectra wants to see of one."""
        self.must_look_at("spectra")
        return spectral(_name_of(self.bundle.manifest["representation"]))

    def inputs(self, lcs: LightCurves, periods: Periods | None) -> dict[str, NDArray[Any]]:
        """Inputs of the bundle by name: of N light curves, cleaned as ``representation.cleaning`` says."""
        return self.representation.make(lcs, periods, self.bundle.manifest["representation"])

    def predict_proba(
        self, seen: LightCurves | Spectra, period_days: NDArray[np.float64] | None = None
    ) -> NDArray[np.float64]:
        """Probabilities (N, C); NaN for a star or spectrum that cannot be classified."""
        from goodricke.line.senses import classify

        return classify(seen, self, period_days=period_days).probabilities

    def predict(self, seen: LightCurves | Spectra, period_days: NDArray[np.float64] | None = None) -> NDArray[Any]:
        """The likeliest class of every star or spectrum (N,); None where it cannot be classified."""
        from goodricke.line.senses import classify

        return classify(seen, self, period_days=period_days).label

    def __repr__(self) -> str:
        return f"<Model {self.name}: {self.bundle.manifest['family']}, {len(self.classes_)} classes>"


def load_model(name_or_path: str | Path) -> Model:
    """Load a model that ships with the package, or one of your own.

    Parameters
    ----------
    name_or_path : str or Path
        Name (``variables``), name with version (``variables-1``), or the folder of a bundle.

    Raises
    ------
    ModelError
        If there is none of this name, or if the bundle is refused; the message says why.
    """
    bundle = load_bundle(find(name_or_path))
    manifest = bundle.manifest
    _check_representation(str(name_or_path), manifest["representation"])
    try:
        novelty = Novelty.from_arrays(bundle.arrays) if "novelty.center" in bundle.arrays else None
        return Model(
            bundle=bundle,
            calibration=Calibration.from_dict(manifest["calibration"]),
            priors=np.array([float(manifest["priors"][name]) for name in bundle.classes]),
            conformal=Conformal.from_dict(manifest["conformal"]) if manifest.get("conformal") else None,
            thresholds=ThresholdTable.from_dict(manifest["thresholds"]) if manifest.get("thresholds") else None,
            novelty=novelty,
            limits=AbstentionLimits.from_dict(manifest.get("limits") or {}),
        )
    except (KeyError, TypeError, ValueError, GoodrickeError) as error:
        said = f"missing {error}" if isinstance(error, KeyError) else str(error)
        raise ModelError(f"{name_or_path}: the manifest cannot be used to decide ({said}); install again") from error


def _check_representation(name: str, about: Mapping[str, Any]) -> None:
    """Raise ModelError for a representation that is not known, or that lacks what it needs."""
    if _name_of(about) in SPECTRAL:
        return
    row = representation(about.get("name", "features"))
    for key, kind in row.settings.items():
        if not isinstance(about.get(key), kind) or isinstance(about.get(key), bool):
            raise ModelError(f"{name}: manifest key 'representation.{key}' is missing or of the wrong kind")


def _name_of(about: Mapping[str, Any]) -> Any:
    """Of the representation: a name, or whatever stands in its place and is refused."""
    name = about.get("name", "features")
    return name if isinstance(name, str) else repr(name)
