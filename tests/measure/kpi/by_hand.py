"""Every key figure worked out from the event table in plain Python, without the tallies and without their code.

What can be found out by comparing events is found out so: waiting times from the arrival to the end, touches from
claims, deadlines from the opening of a review. Gives slices with (value, n, count); times in seconds, money in euros.
"""

from collections import Counter, defaultdict
from datetime import UTC, datetime

from sqlalchemy import select

from pipeline.store.tables import EventRow

SCALE = [0.0] + [
    mark * 10.0**size for size in range(-4, 6) for mark in (*range(10, 20), *range(20, 50, 2), *range(50, 100, 5))
]
"""The seconds that times are rounded to."""
ENDS = ("review_approved", "review_corrected", "review_rejected")


class Events:
    """The event table of some clients and days."""

    def __init__(self, database, clients, first, last) -> None:
        with database.reading() as session:
            self.every = list(session.scalars(select(EventRow).order_by(EventRow.id)))
        self.every = [one for one in self.every if one.client_id in clients]
        self.first, self.last = first, last

    def all(self, *kinds):
        """Of any time."""
        return [one for one in self.every if one.kind in kinds]

    def of(self, *kinds):
        """In the period."""
        return [one for one in self.all(*kinds) if self.first <= day(one.at) <= self.last]

    def received_at(self, event):
        """When the file of an event came in."""
        (first,) = [one for one in self.all("received") if one.document_id == event.document_id]
        return datetime.fromisoformat(first.data["received_at"])

    def opened(self, event):
        """The opening of the review that an event ends."""
        same = [one for one in self.all("review_opened") if invoice(one) == invoice(event)]
        return same[0]

    def decided(self, event):
        """The machine's decision on the invoice of an event."""
        return next(one for one in self.all("decided") if invoice(one) == invoice(event))

    def ends(self, is_sample):
        """Reviews, or samples, that ended in the period."""
        return [one for one in self.of(*ENDS) if self.opened(one).data["sample"] is is_sample]

    def posted(self, event):
        """The receipt of the invoice of an event, if there is one."""
        return next((one for one in self.all("posting_done") if invoice(one) == invoice(event)), None)


def by_hand(events: Events, prices, now) -> dict[str, dict[str, tuple]]:
    """All key figures by name."""
    decided = events.of("decided")
    files = [one for one in decided if one.data["part"] == 1]
    reviews, samples = events.ends(False), events.ends(True)
    through = [one.data["decision"] == "straight_through" for one in decided]
    done = events.of("posting_done")
    touched = {invoice(one) for one in events.all("review_claimed") if not events.opened(one).data["sample"]}
    to_decision = [waited(events, one) for one in decided if one.data["decision"] != "review"]
    to_decision += [waited(events, one) for one in reviews]
    ended = [one.data["seconds"] for one in (*reviews, *samples)]
    refused = [one for one in reviews if one.data.get("reason") == "duplicate"]
    reasons = Counter(code for one in decided for code in set(one.data["reasons"]))
    alone = Counter(one.data["reasons"][0] for one in decided if len(set(one.data["reasons"])) == 1)
    hours = {
        "machine": sum(one.data.get("cpu", 0) for one in decided) * float(prices.machine_hour) / 3600,
        "people": sum(ended) * float(prices.operator_hour) / 3600,
        "posting": sum(one.data["seconds"] for one in done) * float(prices.machine_hour) / 3600,
    }
    return {
        "documents": throughput(Counter(hour(one) for one in files), Counter(day(one.at) for one in files), len(files)),
        "pages": throughput(spread(decided, hour), spread(decided, lambda one: day(one.at)), len(files)),
        "time-to-decision": times(to_decision),
        "time-to-posting": times([waited(events, one) for one in done]),
        "straight-through": share_by(decided, through, lambda _: ""),
        "straight-through-client": share_by(decided, through, lambda one: one.client_id),
        "straight-through-kind": share_by(decided, through, kind),
        "straight-through-supplier": share_by(decided, through, supplier),
        "straight-through-model": share_by(decided, through, model),
        "touch-rate": share_by(decided, [invoice(one) in touched for one in decided], lambda _: ""),
        "operator-seconds": means(
            [
                ((events.opened(one).data["sample"] and "sample") or "review", one.data["seconds"])
                for one in (*reviews, *samples)
            ]
        ),
        "operator-times": times(ended),
        "queue-age": waiting(events, now),
        "sla-breaches": share_by(
            reviews,
            [one.at > datetime.fromisoformat(events.opened(one).data["deadline"]) for one in reviews],
            lambda _: "",
        ),
        "reasons": {code: (count, count, alone[code]) for code, count in reasons.items()},
        "field-accuracy-samples": fields(samples),
        "field-accuracy-reviews": fields(reviews),
        "samples-wrong": share_by(samples, [bool(one.data["wrong"]) for one in samples], lambda _: ""),
        "correction-rate": corrections(reviews),
        "first-time-right": share_by(done, [first_right(events, one) for one in done], lambda _: ""),
        "duplicates": {
            "seen again": (len(events.of("seen_again")),) * 2 + (None,),
            "refused": (len(refused), len(refused), None),
            "value": (sum(float(one.data["gross"]) for one in refused), len(refused), None),
        },
        "discounts": discounts(events, done),
        "cpu-seconds": means([("", one.data["cpu"]) for one in decided if "cpu" in one.data]),
        "cost": {
            name: (value / len(files), len(files), None) for name, value in {"": sum(hours.values()), **hours}.items()
        },
        "posted": {target: (n, n, None) for target, n in Counter(one.data["target"] for one in done).items()},
        "posting-seconds": means([(one.data["target"], one.data["seconds"]) for one in done]),
        "posting-problems": counted(one.data["failure"]["code"] for one in events.of("posting_dead")),
        "refused": counted(one.data["reason"]["code"] for one in events.of("rejected")),
    }


def day(at):
    return at.astimezone(UTC).date()


def hour(event):
    return event.at.astimezone(UTC).strftime("%Y-%m-%d %H")


def invoice(event):
    return event.document_id, event.data["part"]


def kind(event):
    return f"{event.data['media_type'].split('/')[1].upper()}, {event.data['source']}"


def supplier(event):
    return event.data["supplier"] or None


def model(event):
    versions = event.versions
    return f"{versions['scorer']} / {versions['calibration']}"


def waited(events, event):
    return (event.at - events.received_at(event)).total_seconds()


def first_right(events, done):
    """Posted at the first attempt, never corrected before, never warned of since."""
    tries = [one for one in events.all("posting_begun") if invoice(one) == invoice(done)]
    corrected = [one for one in events.all("review_corrected") if invoice(one) == invoice(done) and one.at < done.at]
    warned = [one for one in events.all("posting_warned") if invoice(one) == invoice(done)]
    return len(tries) == 1 and not corrected and not warned


def spread(decided, by):
    pages = defaultdict(int)
    for one in decided:
        pages[by(one)] += one.data["pages"]
    return pages


def throughput(hours, days, files):
    total = sum(days.values())
    values = (total, total / len(days), total / len(hours), max(days.values()), max(hours.values()))
    return dict(
        zip(
            ("all", "a day", "an hour", "most a day", "most an hour"),
            ((one, files, None) for one in values),
            strict=True,
        )
    )


def times(seconds):
    """Percentiles by nearest rank of times that are each put to the nearest mark of the scale."""
    ordered = sorted(min(SCALE, key=lambda mark: abs(mark - one)) for one in seconds)
    ranks = {percent: -(-len(ordered) * percent // 100) for percent in (50, 90, 99)}
    return {f"p{percent}": (ordered[rank - 1], len(ordered), None) for percent, rank in ranks.items()}


def share_by(events, hits, by):
    n, count = Counter(map(by, events)), Counter(by(one) for one, hit in zip(events, hits, strict=True) if hit)
    return {name: (count[name] / n[name], n[name], count[name]) for name in n if name is not None}


def means(pairs):
    grouped = defaultdict(list)
    for name, value in pairs:
        grouped[name].append(value)
    return {name: (sum(values) / len(values), len(values), None) for name, values in grouped.items()}


def waiting(events, now):
    """What was opened and has not ended; by hours since then."""
    ended = {invoice(one) for one in events.all(*ENDS)}
    still = [one for one in events.all("review_opened") if invoice(one) not in ended]
    late = [one for one in still if datetime.fromisoformat(one.data["deadline"]) < now]
    names = ((4, "4 h"), (24, "24 h"), (48, "48 h"), (168, "7 d"), (1e9, "longer"))
    ages = [next(name for most, name in names if (now - one.at).total_seconds() < 3600 * most) for one in still]
    return {"all": (len(still), len(still), None), "late": (len(late), len(late), None), **counted(ages)}


def discounts(events, done):
    """By the last day that the receipt names, and the day of the receipt."""
    told = [(one, one.data["discount"]) for one in done if "discount" in one.data]
    kept = [what for one, what in told if day(one.at).isoformat() <= what["until"]]
    lost = [what for one, what in told if day(one.at).isoformat() > what["until"]]
    values = {}
    for name, group in (("kept", kept), ("lost", lost)):
        for currency in {what["currency"] for what in group}:
            mine = [float(what["amount"]) for what in group if what["currency"] == currency]
            values[f"discount.{name} {currency}"] = (sum(mine), len(mine), None)
    return {"": (len(kept) / len(told), len(told), len(kept)), **values} if told else {}


def counted(names):
    return {name: (n, n, None) for name, n in Counter(names).items()}


def fields(ends):
    n = Counter(name for one in ends for name in one.data["checked"])
    right = n - Counter(name for one in ends for name in one.data["wrong"])
    if not ends:
        return {}
    together = {"": (sum(right.values()) / sum(n.values()), sum(n.values()), sum(right.values()))}
    return together | {name: (right[name] / n[name], n[name], right[name]) for name in n}


def corrections(reviews):
    from schemas.terms import POSTING_CRITICAL

    ended = [one for one in reviews if one.kind != "review_rejected"]
    return share_by(ended, [bool({*one.data["changes"]} & {*POSTING_CRITICAL}) for one in ended], lambda _: "")
