"""A stage with its queue and its servers, on SimPy's calendar of events."""

from collections import deque
from collections.abc import Callable, Generator, Iterator
from datetime import date
from typing import Any

import simpy

from pipeline.measure.simulation.draws import DAY, HOUR
from schemas.scenario import Shift, Stage

Steps = Generator[simpy.Event, Any, None]


class Hours:
    """When a server is there: seconds of a shift after midnight of the first day."""

    def __init__(self, shift: Shift, start: date) -> None:
        self._begin = shift.begin.hour * HOUR + shift.begin.minute * 60
        self._end = self._begin + shift.hours * HOUR  # the break is left out at the end of the day
        self._weekdays = frozenset(shift.weekdays)
        self._first = start.weekday()

    def left(self, now: float) -> float:
        """Seconds until the shift ends; 0 when nobody is there."""
        day, second = divmod(now, DAY)
        is_working = (self._first + int(day)) % 7 in self._weekdays and second >= self._begin
        return max(self._end - second, 0.0) if is_working else 0.0

    def until_next(self, now: float) -> float:
        """Seconds until the next shift begins."""
        today = int(now // DAY)
        days = (day for day in range(today, today + 8) if (self._first + day) % 7 in self._weekdays)
        return next(wait for day in days if (wait := day * DAY + self._begin - now) > 0)

    def worked(self, days: int) -> float:
        """Seconds of the shifts of so many days."""
        number = sum((self._first + day) % 7 in self._weekdays for day in range(days))
        return number * (self._end - self._begin)


class Station:
    """First come, first served. `done` is told each job that is finished, as soon as it is."""

    def __init__(
        self, env: simpy.Environment, stage: Stage, start: date, seconds: Iterator[float], done: Callable[[int], None]
    ) -> None:
        self._env = env
        self._seconds = seconds
        self._done = done
        self._waiting: deque[tuple[int, float]] = deque()
        self._idle: deque[simpy.Event] = deque()
        self.waits: list[float] = []
        """Seconds each job waited, in the order in which they began."""
        self.jobs: list[int] = []
        """Those jobs."""
        self.busy = 0.0
        """Seconds of work begun, of all servers together."""
        hours = Hours(stage.shift, start) if stage.shift else None
        for _ in range(stage.servers):
            env.process(self._works_shifts(hours) if hours else self._always_works())

    def take(self, job: int) -> None:
        """A job comes."""
        self._waiting.append((job, self._env.now))
        if self._idle:
            self._idle.popleft().succeed()

    def _always_works(self) -> Steps:
        while True:
            while not self._waiting:
                woken = self._env.event()
                self._idle.append(woken)
                yield woken
            yield from self._work()

    def _works_shifts(self, hours: Hours) -> Steps:
        while True:
            left = hours.left(self._env.now)
            if left <= 0:
                yield self._env.timeout(hours.until_next(self._env.now))
            elif self._waiting:
                yield from self._work()
            else:
                woken = self._env.event()
                self._idle.append(woken)
                yield woken | self._env.timeout(left)
                if not woken.triggered:
                    self._idle.remove(woken)

    def _work(self) -> Steps:
        """Do the first job of the queue."""
        job, since = self._waiting.popleft()
        self.jobs.append(job)
        self.waits.append(self._env.now - since)
        seconds = next(self._seconds)
        self.busy += seconds
        yield self._env.timeout(seconds)
        self._done(job)
