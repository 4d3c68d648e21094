"""A scenario of `backoffice simulate`: what arrives, who works on it, how long that takes, what is promised."""

from datetime import date, time
from typing import Annotated, Literal, Self

from pydantic import Field as Constraint
from pydantic import model_validator

from schemas.base import Probability, Value

Seconds = Annotated[float, Constraint(gt=0, allow_inf_nan=False)]
Factor = Annotated[float, Constraint(ge=0, allow_inf_nan=False)]

OFFICE_HOURS = (0.0,) * 7 + (0.3, 1.0, 1.6, 1.6, 1.2, 0.6, 0.7, 1.2, 1.2, 1.0, 0.6, 0.3, 0.1) + (0.02,) * 4
"""How an ordinary day's documents fall on its hours: a peak in the morning, little at night."""
OFFICE_DAYS = (1.0, 1.0, 1.0, 1.0, 1.0, 0.05, 0.02)


class Fixed(Value):
    """Always the same time."""

    kind: Literal["fixed"] = "fixed"
    seconds: Seconds


class Exponential(Value):
    """Memoryless; what the formulas of queueing theory know."""

    kind: Literal["exponential"] = "exponential"
    mean: Seconds


class Lognormal(Value):
    """Mostly short, sometimes very long: how people's times are spread."""

    kind: Literal["lognormal"] = "lognormal"
    mean: Seconds
    spread: float = Constraint(default=0.6, gt=0, description="Standard deviation over mean.")


class Sampled(Value):
    """Drawn from measured times, each as likely as the other."""

    kind: Literal["sampled"] = "sampled"
    seconds: tuple[Seconds, ...] = Constraint(min_length=1)


class Measured(Value):
    """The times measured in this home, where there are enough; else the assumption."""

    kind: Literal["measured"] = "measured"
    of: Literal["operator", "machine", "robot"]
    at_least: int = Constraint(default=30, ge=1, description="Fewer measured times than this are not used.")
    otherwise: Fixed | Exponential | Lognormal = Constraint(discriminator="kind")


Duration = Annotated[Fixed | Exponential | Lognormal | Sampled | Measured, Constraint(discriminator="kind")]


class Surge(Value):
    """Days on which so many times as much arrives."""

    start: date
    days: int = Constraint(default=1, ge=1)
    factor: Factor


class MonthEnd(Value):
    """The last days of each month."""

    days: int = Constraint(default=3, ge=1, le=15)
    factor: Factor = 1.6


class Arrivals(Value):
    """What arrives: a Poisson process whose rate changes by the hour."""

    per_day: float = Constraint(gt=0, description="Documents on an ordinary day, whose weight in `weekdays` is 1.")
    hours: tuple[Factor, ...] = Constraint(
        default=OFFICE_HOURS, min_length=24, max_length=24, description="Weights of the hours from midnight."
    )
    weekdays: tuple[Factor, ...] = Constraint(
        default=OFFICE_DAYS, min_length=7, max_length=7, description="Weights of the days from Monday."
    )
    month_end: MonthEnd | None = None
    surges: tuple[Surge, ...] = ()

    @model_validator(mode="after")
    def _something_arrives(self) -> Self:
        if not sum(self.hours) or not sum(self.weekdays):
            raise ValueError("an hour and a weekday must have a weight above 0")
        return self


class Shift(Value):
    """When people work; what is in hand at its end is finished."""

    begin: time = time(9)
    end: time = time(17)
    weekdays: tuple[Annotated[int, Constraint(ge=0, le=6)], ...] = (0, 1, 2, 3, 4)
    breaks: float = Constraint(default=1.0, ge=0, description="Unpaid hours a day in which nobody works.")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end <= self.begin or not self.weekdays or self.hours <= 0:
            raise ValueError("a shift ends after it begins, on the same day, and leaves time to work")
        return self

    @property
    def hours(self) -> float:
        """Hours of work and pay a day."""
        return (self.end.hour - self.begin.hour) + (self.end.minute - self.begin.minute) / 60 - self.breaks


class Stage(Value):
    """A place where an invoice is worked on, by one of several alike: people, cores or robots."""

    name: str = Constraint(pattern=r"^[a-z][a-z0-9-]*$")
    servers: int = Constraint(ge=1, description="How many work there at the same time.")
    shift: Shift | None = Constraint(default=None, description="People's hours; without it, day and night.")
    seconds: Duration
    share: Probability = Constraint(default=1.0, description="How many invoices need it.")
    wrong: Probability = Constraint(default=0.0, description="How many leave it with a mistake made there.")
    catches: Probability = Constraint(default=0.0, description="How many wrong ones are noticed here and sent back.")
    back_to: str = Constraint(default="", description="The stage that repairs what is caught.")
    hour: float = Constraint(default=0.0, ge=0, description="EUR: an hour paid for people, an hour busy for machines.")


class Promise(Value):
    """What was promised: so many invoices done within so many hours, Saturdays and Sundays not counted."""

    hours: float = Constraint(default=24.0, gt=0)
    share: Probability = 0.95


class Scenario(Value):
    """A back office over some days."""

    title: str
    start: date
    days: int = Constraint(ge=1, le=1500)
    warm_up_days: int = Constraint(default=0, ge=0, description="Days at the start that no figure counts.")
    arrivals: Arrivals
    stages: tuple[Stage, ...] = Constraint(min_length=1)
    promise: Promise = Promise()
    fixed_month: float = Constraint(default=0.0, ge=0, description="EUR a month, whatever arrives.")
    replications: int = Constraint(default=20, ge=2, le=1000)
    seed: int = Constraint(default=1, ge=0)

    @model_validator(mode="after")
    def _stages_know_each_other(self) -> Self:
        names = [stage.name for stage in self.stages]
        if len(set(names)) != len(names):
            raise ValueError("two stages have the same name")
        for index, stage in enumerate(self.stages):
            if stage.catches and stage.back_to not in names[: index + 1]:
                raise ValueError(f"stage {stage.name}: back_to must name it or a stage before it")
        if self.warm_up_days >= self.days:
            raise ValueError("nothing is left after the warm-up")
        return self
