"""Made-up truth and predictions whose quality is known."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from goodricke.evaluate.answers import Answers

CLASSES = ("EA", "EB", "EW", "RRAB")


def drawn(
    n: int, seed: int = 0, sharpness: float = 0.35, classes: tuple[str, ...] = CLASSES
) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities (n, C), and a truth (n,) drawn from them: perfectly calibrated by construction."""
    rng = np.random.default_rng(seed)
    p = rng.dirichlet(np.full(len(classes), sharpness), n)
    truth = (p.cumsum(axis=1) < rng.random((n, 1))).sum(axis=1).clip(max=len(classes) - 1)
    return p, truth


def answers(n: int, seed: int = 0, **kwargs: float) -> Answers:
    """Calibrated answers in the view of four classes."""
    p, truth = drawn(n, seed, **kwargs)  # type: ignore[arg-type]
    return Answers.of(("EA", "EB", "EW", "VAR"), truth, p)


def tables(n: int = 2000, seed: int = 0) -> dict[str, pa.Table]:
    """``model``, a worse ``other`` model, and ``truth``: with failures, abstentions, odd words and periods."""
    rng = np.random.default_rng(seed + 1)
    p, label = drawn(n, seed)
    mag, n_points = rng.uniform(9, 15, n), rng.integers(20, 600, n)
    # Faint stars and short curves are guessed worse: part of the probability is spread evenly.
    spread = np.clip((mag - 11) / 8 + 40 / n_points, 0.02, 0.8)[:, None]
    p = (1 - spread) * p + spread * rng.dirichlet(np.ones(4), n)
    period = 10 ** rng.uniform(-0.7, 1.0, n)
    found = np.where(rng.random(n) < 0.9, period, rng.choice([0.5, 2.0, 1.3], n) * period) * (
        1 + rng.normal(0, 2e-4, n)
    )
    status = np.where(rng.random(n) < 0.02, "failed", np.where(p.max(axis=1) < 0.45, "abstained", "ok"))
    reason = np.where(
        status == "failed", "3 points are too few", np.where(status == "ok", "", "two classes are as likely")
    )
    ids = [f"star {k}" for k in range(n)]
    model = pa.table({
        "object_id": ids, "model": ["synthetic-1"] * n, "label": [CLASSES[k] for k in p.argmax(axis=1)],
        **{f"prob_{word}": np.where(status == "failed", np.nan, p[:, k]) for k, word in enumerate(CLASSES)},
        "prediction_set": [" ".join(word for word, q in zip(CLASSES, row, strict=True) if q > 0.15) for row in p],
        "period_days": np.where(status == "failed", np.nan, found), "period_days_2": found * 2,
        "n_points": n_points, "span_days": rng.uniform(100, 2000, n), "mag": mag, "status": status, "reason": reason,
    })  # fmt: skip
    worse = 0.6 * p + 0.4 * rng.dirichlet(np.ones(4), n)
    other = pa.table({"object_id": ids[::-1], **{f"prob_{w}": worse[::-1, k] for k, w in enumerate(CLASSES)}})
    words = np.array(CLASSES, dtype=object)[label]
    words[:20], words[20:25] = "ECL", "UNLABELLED"
    truth = pa.table({"object_id": ids, "label_mapped": words.tolist(), "period_days": period})
    return {"model": model, "other": other, "truth": truth}
