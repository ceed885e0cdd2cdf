"""The benchmark's definitions, as plain data: methods, cases, figures, and goals.

A case is repeated in rounds. A round runs the peer once and then Graft once for each precision of the case, all with the
number of the round as seed, so runs that are compared were measured within minutes of each other.
"""

from dataclasses import dataclass

PEER = "peer"
PRECISIONS = ("float32", "bfloat16")


@dataclass(frozen=True)
class Method:
    """A method: its options in Graft's configuration and its learning rate."""

    options: str
    learning_rate: float


# The same as in Configs/compare-sst2.yaml and compare.yaml.
METHODS = {
    "lora": Method("{name: lora, rank: 8, alpha: 16, dropout: 0.05}", 2e-3),
    "houlsby": Method("{name: houlsby, bottleneck: 64}", 1e-3),
    "prefix": Method("{name: prefix, length: 20}", 3e-2),
    "full": Method("{name: full}", 5e-5),
    "head": Method("{name: head}", 1e-2),
}


@dataclass(frozen=True)
class Figure:
    """A measured quantity: its name, its unit, and whether more is better."""

    title: str
    more_is_better: bool
    unit: float = 1
    has_ratio: bool = True


TRAINING, EVALUATION, MEMORY = "train_samples_per_second", "eval_samples_per_second", "peak_memory_bytes"
WALL, ACCURACY = "wall_seconds", "accuracy"
FIGURES = {
    TRAINING: Figure("training, samples/s", True),
    EVALUATION: Figure("evaluation, samples/s", True),
    MEMORY: Figure("peak memory, MB", False, unit=1 << 20),
    WALL: Figure("wall time, s", False),
    ACCURACY: Figure("accuracy", True, has_ratio=False),
}


@dataclass(frozen=True)
class Goal:
    """A bound on one of Graft's figures at one precision: on its ratio to the peer's figure, or on the value itself."""

    figure: str
    precision: str
    bound: float
    of_ratio: bool = True


@dataclass(frozen=True)
class Case:
    """One case. `kind` is train, compare, predict, or accuracy; `peer` are options of peer_train.py."""

    title: str
    kind: str = "train"
    base: str = "minilm"
    method: str = "lora"
    peer: tuple = ()
    train_limit: int = 2000
    epochs: int = 2
    precisions: tuple = PRECISIONS
    figures: tuple = (TRAINING, EVALUATION, MEMORY, ACCURACY)
    goals: tuple = ()

    @property
    def sides(self):
        """The sides that run in a round, in order."""
        return self.precisions if self.kind == "accuracy" else (PEER, *self.precisions)


def rates(training=None, evaluation=None, precision="float32"):
    """Returns goals on the ratios of training and evaluation speed."""
    bounds = ((TRAINING, training), (EVALUATION, evaluation))
    return tuple(Goal(figure, precision, bound) for figure, bound in bounds if bound)


GROUPED = ("--group",)
BEST = ("--group", "--bf16")
SHAPE = {"base": "distilbert-shape", "train_limit": 400, "epochs": 1, "figures": (TRAINING, EVALUATION, MEMORY)}
SMALL = tuple(Goal(MEMORY, precision, 250 << 20, of_ratio=False) for precision in PRECISIONS)

CASES = {
    "minilm-lora-a": Case(
        "MiniLM, LoRA of rank 8; peer (a): float32, as in the article \"LoRA from Scratch\"",
        goals=rates(6.5, 3.2) + rates(10, 5.4, "bfloat16") + SMALL,
    ),
    "minilm-lora-b": Case(
        "MiniLM, LoRA of rank 8; peer (b): float32, grouped by length", peer=GROUPED, goals=rates(2.6, 1.9)
    ),
    "minilm-lora-c": Case(
        "MiniLM, LoRA of rank 8; peer (c): bfloat16, grouped by length", peer=BEST, goals=rates(3.3, 2, "bfloat16")
    ),
    "distilbert-lora-a": Case("DistilBERT's shape, LoRA of rank 8; peer (a): float32", goals=rates(4.2), **SHAPE),
    "distilbert-lora-c": Case(
        "DistilBERT's shape, LoRA of rank 8; peer (c): bfloat16, grouped by length",
        peer=BEST, goals=rates(2.6, precision="bfloat16"), **SHAPE,
    ),
    "houlsby": Case("MiniLM, Houlsby adapters of width 64; peer: float32", method="houlsby", goals=rates(5)),
    "prefix": Case("MiniLM, prefix of length 20; peer: float32", method="prefix", goals=rates(5)),
    "full": Case("MiniLM, full fine-tuning; peer: float32", method="full", goals=rates(2.5)),
    "head": Case("MiniLM, head only; peer: float32", method="head"),
    "comparison": Case(
        "MiniLM, five methods consecutively, evaluated every 50 steps; peer: float32",
        kind="compare", figures=(WALL,),  # Graft restarts its measurement of peak memory with each run.
        goals=(Goal(WALL, "float32", 1 / 3.5), Goal(WALL, "bfloat16", 1 / 5)),
    ),
    "cold-start": Case(
        "MiniLM, first prediction of a new process with a saved LoRA adapter",
        kind="predict", figures=(WALL, MEMORY), precisions=("float32",),
        goals=(Goal(WALL, "float32", 0.25, of_ratio=False),),
    ),
    "accuracy": Case("MiniLM, LoRA of rank 8: accuracy over seeds, only Graft", kind="accuracy", figures=(ACCURACY,)),
}
